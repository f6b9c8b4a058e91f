import { ExitRoute, type Run, type Script } from '@sentinel/protocol';
import type { Enrichment } from './enrichment.ts';

/** What the lines of a probe file, and the endpoint, say of a run. */
export interface RunState {
  readonly runId: string;
  readonly startedNs: bigint;
  /** Attributes of the hello record, with those of later health and end records over them. */
  readonly attributes: Map<string, string>;
  script: Script;
  /** The last end record. */
  ended: { readonly timeUnixNs: bigint } | undefined;
  /** Something followed an end by `exec`: the exec failed. */
  isExecUndone: boolean;
  /** Last sign of life of a run whose process is gone and said nothing. */
  vanishedAtMs: number | undefined;
  /** Parent run, found by process ids. */
  parentByPid: string | undefined;
  /** Byte offset behind the line that last changed the run. */
  endOffset: number;
}

/**
 * What facts without a line add to a run's revision. Each is one bit, and no line is shorter than
 * eight bytes, so the next line still wins; a row with more known facts wins over one with fewer. A
 * restarted agent that no longer can see such a fact therefore never overwrites it.
 */
const runOverlays = { parentByPid: 1, vanished: 2, scriptContent: 4 } as const;

/** The run as a row. */
export function buildRun(state: Readonly<RunState>, droppedHere: number, enrichment: Enrichment): Run {
  const { attributes } = state;
  const text = (name: string) => {
    const value = attributes.get(name);
    return value === '' ? undefined : value;
  };
  const number = (name: string) => nonNegative(text(name));
  const whole = (name: string) => wholeNumber(text(name));
  const prefix = text('sentinel.interpreter.prefix') ?? '';
  const basePrefix = text('sentinel.interpreter.base_prefix') ?? prefix;
  const parent = text('sentinel.run.parent_id')?.toLowerCase();
  const parentRunId = parent !== undefined && isRunId(parent) ? parent : state.parentByPid;
  const optional = {
    parentRunId,
    workingDirectory: text('process.working_directory'),
    ...endOf(state, text('sentinel.run.exit_route'), text('sentinel.run.exit_code'), text('sentinel.run.exit_signal')),
    cpuUserMs: number('sentinel.run.cpu_user_ms'),
    cpuSystemMs: number('sentinel.run.cpu_system_ms'),
    peakMemoryBytes: whole('sentinel.run.peak_memory_bytes'),
  };
  return {
    id: state.runId,
    revision: state.endOffset + overlayOf(state, parentRunId),
    startKind: startKindOf(text('sentinel.run.start_kind')),
    script: state.script,
    interpreter: {
      path: text('process.executable.path') ?? '',
      implementation: text('process.runtime.name') ?? 'unknown',
      version: text('process.runtime.version') ?? 'unknown',
      basePrefix,
    },
    environment: { prefix, kind: prefix === basePrefix ? 'base' : 'virtual' },
    user: userOf(text('process.user.name'), whole('process.user.id'), enrichment),
    hostName: enrichment.hostName,
    pid: whole('process.pid') ?? 0,
    parentPid: whole('process.parent_pid') ?? 0,
    argumentCount: whole('process.args_count') ?? 0,
    argumentShape: text('sentinel.process.argument_shape') ?? '',
    startedAt: iso(nsToMs(state.startedNs)),
    probe: {
      version: text('sentinel.probe.version') ?? 'unknown',
      dropped: (whole('sentinel.probe.dropped') ?? 0) + droppedHere,
      errors: whole('sentinel.probe.errors') ?? 0,
    },
    ...(known(optional) as Pick<Run, 'status'>),
  };
}

/** Whether a text can be the id of a run. Source: RFC 9562. */
export function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text);
}

function endOf(
  state: Readonly<RunState>,
  route: string | undefined,
  code: string | undefined,
  signal: string | undefined,
) {
  const startMs = nsToMs(state.startedNs);
  if (state.ended !== undefined && !state.isExecUndone) {
    const lengthNs = state.ended.timeUnixNs - state.startedNs;
    return {
      status: 'ended',
      endedAt: iso(nsToMs(state.ended.timeUnixNs)),
      durationMs: lengthNs < 0n ? 0 : Number(lengthNs / 1000n) / 1000,
      exitRoute: ExitRoute.safeParse(route).data ?? (signal === undefined ? 'finished' : 'signal'),
      exitCode: code !== undefined && /^-?\d{1,15}$/.test(code) ? Number(code) : undefined,
      exitSignal: signal,
    } as const;
  }
  if (state.vanishedAtMs !== undefined) {
    const endMs = Math.max(startMs, Math.trunc(state.vanishedAtMs));
    return { status: 'ended', endedAt: iso(endMs), durationMs: endMs - startMs, exitRoute: 'vanished' } as const;
  }
  return { status: 'running' } as const;
}

function overlayOf(state: Readonly<RunState>, parentRunId: string | undefined): number {
  const isVanished = state.vanishedAtMs !== undefined && (state.ended === undefined || state.isExecUndone);
  return (
    (parentRunId !== undefined && parentRunId === state.parentByPid ? runOverlays.parentByPid : 0) +
    (isVanished ? runOverlays.vanished : 0) +
    (state.script.sizeBytes === undefined ? 0 : runOverlays.scriptContent)
  );
}

function userOf(name: string | undefined, id: number | undefined, enrichment: Enrichment): Run['user'] {
  const known =
    name ?? (id === undefined ? undefined : enrichment.userName(id)) ?? (id === undefined ? 'unknown' : String(id));
  return id === undefined ? { name: known } : { name: known, id };
}

/** Leaves out what is undefined: an absent field is absent, not null. */
function known<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function nonNegative(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = nonNegative(text);
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

function nsToMs(timeUnixNs: bigint): number {
  return Number(timeUnixNs / 1_000_000n);
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function startKindOf(text: string | undefined): Run['startKind'] {
  return text === 'fork' || text === 'attach' ? text : 'start';
}
