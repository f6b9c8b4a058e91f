import type { Run, StoredRun } from '@sentinel/protocol';
import { uuidV7TimeMs } from '../uuid-v7.ts';
import type { EventStore } from './event-store.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { DAY_MS, storeTime } from './store-time.ts';

/** Where a row came from. */
export interface Origin {
  /** The authenticated endpoint, whatever the row says. */
  readonly endpointId: string;
  readonly spoolId: string;
  readonly sequence: number;
}

/** A run as the event store holds it. */
export interface RunRecord {
  readonly id: string;
  readonly endpoint_id: string;
  readonly revision: number;
  readonly parent_run_id: string | null;
  readonly start_kind: Run['startKind'];
  readonly status: Run['status'];
  readonly script_id: string;
  readonly script_kind: Run['script']['kind'];
  readonly script_name: string;
  readonly script_path: string | null;
  readonly script_sha256: string | null;
  readonly script_size_bytes: number | null;
  readonly interpreter_path: string;
  readonly interpreter_implementation: string;
  readonly interpreter_version: string;
  readonly interpreter_base_prefix: string;
  readonly environment_prefix: string;
  readonly environment_kind: Run['environment']['kind'];
  readonly user_name: string;
  readonly user_id: number | null;
  readonly host_name: string;
  readonly pid: number;
  readonly parent_pid: number;
  readonly working_directory: string | null;
  readonly argument_count: number;
  readonly argument_shape: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly duration_ms: number | null;
  readonly exit_route: NonNullable<Run['exitRoute']> | null;
  readonly exit_code: number | null;
  readonly exit_signal: string | null;
  readonly cpu_user_ms: number | null;
  readonly cpu_system_ms: number | null;
  readonly peak_memory_bytes: number | null;
  readonly probe_version: string;
  readonly probe_dropped: number;
  readonly probe_errors: number;
}

type Value = string | number | null;

const values: Readonly<
  Record<keyof RunRecord | 'spool_id' | 'sequence', (run: Run, origin: Origin) => Value | undefined>
> = {
  id: (run) => run.id,
  endpoint_id: (_, origin) => origin.endpointId,
  revision: (run) => run.revision,
  parent_run_id: (run) => run.parentRunId,
  start_kind: (run) => run.startKind,
  status: (run) => run.status,
  script_id: (run) => run.script.id,
  script_kind: (run) => run.script.kind,
  script_name: (run) => run.script.name,
  script_path: (run) => run.script.path,
  script_sha256: (run) => run.script.sha256,
  script_size_bytes: (run) => run.script.sizeBytes,
  interpreter_path: (run) => run.interpreter.path,
  interpreter_implementation: (run) => run.interpreter.implementation,
  interpreter_version: (run) => run.interpreter.version,
  interpreter_base_prefix: (run) => run.interpreter.basePrefix,
  environment_prefix: (run) => run.environment.prefix,
  environment_kind: (run) => run.environment.kind,
  user_name: (run) => run.user.name,
  user_id: (run) => run.user.id,
  host_name: (run) => run.hostName,
  pid: (run) => run.pid,
  parent_pid: (run) => run.parentPid,
  working_directory: (run) => run.workingDirectory,
  argument_count: (run) => run.argumentCount,
  argument_shape: (run) => run.argumentShape,
  started_at: (run) => run.startedAt,
  ended_at: (run) => run.endedAt,
  duration_ms: (run) => run.durationMs,
  exit_route: (run) => run.exitRoute,
  exit_code: (run) => run.exitCode,
  exit_signal: (run) => run.exitSignal,
  cpu_user_ms: (run) => run.cpuUserMs,
  cpu_system_ms: (run) => run.cpuSystemMs,
  peak_memory_bytes: (run) => run.peakMemoryBytes,
  probe_version: (run) => run.probe.version,
  probe_dropped: (run) => run.probe.dropped,
  probe_errors: (run) => run.probe.errors,
  spool_id: (_, origin) => origin.spoolId,
  sequence: (_, origin) => origin.sequence,
};
const encoders = Object.values(values);

/** Columns that an insert fills. */
export const runColumns: readonly string[] = Object.keys(values);

/** Columns that a query reads, for `SELECT`. */
export const runSelection = runColumns.filter((column) => column !== 'spool_id' && column !== 'sequence').join(', ');

/** One line of an insert. */
export function encodeRun(run: Run, origin: Origin): string {
  return JSON.stringify(encoders.map((value) => value(run, origin) ?? null));
}

/** The domain shape of a row. */
export function toStoredRun(row: RunRecord): StoredRun {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    revision: row.revision,
    ...present('parentRunId', row.parent_run_id),
    startKind: row.start_kind,
    status: row.status,
    script: {
      id: row.script_id,
      kind: row.script_kind,
      name: row.script_name,
      ...present('path', row.script_path),
      ...present('sha256', row.script_sha256),
      ...present('sizeBytes', row.script_size_bytes),
    },
    interpreter: {
      path: row.interpreter_path,
      implementation: row.interpreter_implementation,
      version: row.interpreter_version,
      basePrefix: row.interpreter_base_prefix,
    },
    environment: { prefix: row.environment_prefix, kind: row.environment_kind },
    user: { name: row.user_name, ...present('id', row.user_id) },
    hostName: row.host_name,
    pid: row.pid,
    parentPid: row.parent_pid,
    ...present('workingDirectory', row.working_directory),
    argumentCount: row.argument_count,
    argumentShape: row.argument_shape,
    startedAt: row.started_at,
    ...present('endedAt', row.ended_at),
    ...present('durationMs', row.duration_ms),
    ...present('exitRoute', row.exit_route),
    ...present('exitCode', row.exit_code),
    ...present('exitSignal', row.exit_signal),
    ...present('cpuUserMs', row.cpu_user_ms),
    ...present('cpuSystemMs', row.cpu_system_ms),
    ...present('peakMemoryBytes', row.peak_memory_bytes),
    probe: { version: row.probe_version, dropped: row.probe_dropped, errors: row.probe_errors },
  };
}

/** SQL that is true for a run that failed: an exception, a signal, or a known exit code other than 0. */
export const FAILED = `(ifNull(exit_route, '') IN ('exception', 'signal') OR ifNull(exit_code, 0) != 0)`;

/**
 * Runs by id, each in its latest revision. The time inside each id bounds the search; ids without one,
 * or with a wrong one, are looked for everywhere.
 */
export function findRuns(store: EventStore, ids: readonly string[], scope: Scope): Promise<RunRecord[]> {
  return findSelected<RunRecord>(store, runSelection, ids, scope);
}

/** What names a run and says whose it is. */
export type RunFacts = Pick<RunRecord, 'id' | 'endpoint_id' | 'script_id' | 'script_name' | 'user_name' | 'host_name'>;

/** The same of many runs, without what only the page of one run shows. */
export function findRunFacts(store: EventStore, ids: readonly string[], scope: Scope): Promise<RunFacts[]> {
  return findSelected<RunFacts>(store, 'id, endpoint_id, script_id, script_name, user_name, host_name', ids, scope);
}

async function findSelected<Row extends { readonly id: string }>(
  store: EventStore,
  selection: string,
  ids: readonly string[],
  scope: Scope,
): Promise<Row[]> {
  if (ids.length === 0) return [];
  const times = ids.map(uuidV7TimeMs).filter((time) => time !== undefined);
  const found =
    times.length === 0
      ? []
      : await select<Row>(store, selection, ids, scope, Math.min(...times) - DAY_MS, Math.max(...times) + DAY_MS);
  const seen = new Set(found.map(({ id }) => id));
  const missing = ids.filter((id) => !seen.has(id));
  return missing.length === 0
    ? found
    : [...found, ...(await select<Row>(store, selection, missing, scope, 0, Date.now() + 10 * DAY_MS))];
}

/** Script and account of runs, for the activities that come without their run. */
export async function findRunOwners(
  store: EventStore,
  ids: readonly string[],
): Promise<{ id: string; endpoint_id: string; script_id: string; user_name: string }[]> {
  const times = ids.map(uuidV7TimeMs).filter((time) => time !== undefined);
  if (times.length === 0) return [];
  return store.query(
    `SELECT id, endpoint_id, any(script_id) AS script_id, any(user_name) AS user_name FROM run
     WHERE id IN {ids:Array(UUID)}
       AND started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
     GROUP BY id, endpoint_id`,
    { ids, from: storeTime(Math.min(...times) - DAY_MS), to: storeTime(Math.max(...times) + DAY_MS) },
    { maxRows: 100_000 },
  );
}

function select<Row>(
  store: EventStore,
  selection: string,
  ids: readonly string[],
  scope: Scope,
  fromMs: number,
  toMs: number,
): Promise<Row[]> {
  const { condition, parameters } = scopeCondition(scope);
  return store.query<Row>(
    `SELECT ${selection} FROM run FINAL
     WHERE id IN {ids:Array(UUID)}
       AND started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
       AND ${condition}
     ORDER BY started_at DESC, endpoint_id, id`,
    { ...parameters, ids, from: storeTime(fromMs), to: storeTime(toMs) },
  );
}

function present<K extends string, T>(key: K, value: T | null): { [P in K]?: T } {
  return (value === null ? {} : { [key]: value }) as { [P in K]?: T };
}

/** Ids of runs that started since a time, oldest first, in portions. */
export async function* listRunIdsSince(store: EventStore, sinceMs: number): AsyncGenerator<string[]> {
  const portion = 5_000;
  let from = storeTime(sinceMs);
  let after = '';
  for (;;) {
    const rows = await store.query<{ id: string; at: string }>(
      `SELECT toString(id) AS id, toString(started_at) AS at FROM run FINAL
       WHERE started_at >= {from:DateTime64(3, 'UTC')}
         AND (started_at > {from:DateTime64(3, 'UTC')} OR toString(id) > {after:String})
       ORDER BY started_at, toString(id) LIMIT {portion:UInt32}`,
      { from, after, portion },
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ id }) => id);
    from = last.at;
    after = last.id;
  }
}
