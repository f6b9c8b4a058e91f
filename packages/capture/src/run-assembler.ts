import {
  type Activity,
  type Attributes,
  isAttributeName,
  PROBE_RECORD_VERSION,
  type ProbeCounters,
  type ProbeRecord,
  parseAttribute,
  parseProbeRecord,
  type Run,
  type Script,
} from '@sentinel/protocol';
import type { Enrichment } from './enrichment.ts';
import { filePlace } from './file-place.ts';
import type { Line } from './line-reader.ts';
import { programKind } from './program-kind.ts';
import { buildRun, isRunId, type RunState } from './run-row.ts';
import { takeDecision } from './take-decision.ts';

/** Rows that are new or changed. */
export interface RunChanges {
  readonly run: Run | undefined;
  readonly activities: readonly Activity[];
}

/** Most activities kept of one run; further ones are counted as dropped. */
export const MAX_ACTIVITIES_PER_RUN = 100_000;
/** Most attributes of one activity. */
const MAX_ATTRIBUTES = 64;

const ACTIVITY_TYPE = /^[a-z]+\.[a-z]+$/;

interface ActivityState {
  readonly id: number;
  readonly type: string;
  readonly firstSeenNs: bigint;
  lastSeenNs: bigint;
  count: number;
  bytesIn: number;
  bytesOut: number;
  rows: number;
  errors: number;
  readonly attributes: Map<string, string>;
  endOffset: number;
}

/**
 * Lines of one probe file in, rows out.
 *
 * Pure but for the enrichment: the same lines at the same offsets give the same rows with the same
 * revisions, however the file was cut into portions and however often it is read again. A row's
 * revision is the byte offset behind the line that changed it, plus less than eight for facts that no
 * line states (see `runOverlays` in run-row.ts), so that a row with the fact wins over the same row without it.
 */
export class RunAssembler {
  readonly #fallbackRunId: string | undefined;
  readonly #enrichment: Enrichment;
  readonly #activities = new Map<number, ActivityState>();
  readonly #changed = new Set<number>();
  #state: RunState | undefined;
  #isRunChanged = false;
  #malformed = 0;
  #dropped = 0;
  #setAside: string | undefined;

  /** @param fallbackRunId - Run id from the file's name, for a hello that has none. */
  constructor(fallbackRunId: string | undefined, enrichment: Enrichment) {
    this.#fallbackRunId = fallbackRunId;
    this.#enrichment = enrichment;
  }

  /** What is known of the run so far; undefined until its hello was read. */
  get state(): Readonly<RunState> | undefined {
    return this.#state;
  }

  /** Lines that were no records. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Why the whole file cannot be used; undefined while it can. */
  get setAsideReason(): string | undefined {
    return this.#setAside;
  }

  /** Whether rows wait to be taken. */
  get hasChanges(): boolean {
    return this.#isRunChanged || this.#changed.size > 0;
  }

  /** Takes the next line. A line that is no record is counted and left out. */
  accept(line: Line): void {
    if (this.#setAside !== undefined) return;
    const record = line.text === undefined ? 'line is too long' : parseProbeRecord(line.text);
    if (this.#state === undefined) {
      this.#begin(record, line.endOffset);
    } else if (
      typeof record === 'string' ||
      record.kind === 'hello' ||
      !this.#apply(this.#state, record, line.endOffset)
    ) {
      this.#malformed++;
    }
  }

  /** States that the process is gone without having said so. Undone by any line that follows. */
  markVanished(lastSignMs: number): void {
    if (this.#state === undefined || this.#state.vanishedAtMs !== undefined || hasEnded(this.#state)) return;
    this.#state.vanishedAtMs = lastSignMs;
    this.#isRunChanged = true;
  }

  /** States which run launched this one, where its own records do not. */
  setParent(runId: string): void {
    const state = this.#state;
    if (state === undefined || state.parentByPid === runId || state.attributes.has('sentinel.run.parent_id')) return;
    state.parentByPid = runId;
    this.#isRunChanged = true;
  }

  /**
   * Rows changed since they were last taken, the run first.
   * @param limit - Most activities to take; the rest waits.
   */
  takeChanges(limit = Number.POSITIVE_INFINITY): RunChanges {
    const state = this.#state;
    if (state === undefined) return { run: undefined, activities: [] };
    const run = this.#isRunChanged ? this.currentRun() : undefined;
    this.#isRunChanged = false;
    const activities: Activity[] = [];
    for (const id of this.#changed) {
      if (activities.length >= limit) break;
      this.#changed.delete(id);
      const activity = this.#activities.get(id);
      if (activity !== undefined) activities.push(this.#row(activity, state));
    }
    return { run, activities };
  }

  /** The run as it stands. */
  currentRun(): Run | undefined {
    return this.#state === undefined ? undefined : buildRun(this.#state, this.#dropped, this.#enrichment);
  }

  /** Every activity as it stands, in the order of first sight. */
  currentActivities(): Activity[] {
    const state = this.#state;
    if (state === undefined) return [];
    return [...this.#activities.values()].sort((a, b) => a.id - b.id).map((activity) => this.#row(activity, state));
  }

  #begin(record: ProbeRecord | string, endOffset: number): void {
    if (typeof record === 'string' || record.kind !== 'hello') {
      this.#malformed++;
      this.#setAside = 'the first line is no hello record';
      return;
    }
    if (record.version > PROBE_RECORD_VERSION) {
      this.#setAside = `record version ${record.version} is newer than this agent`;
      return;
    }
    const runId = (record.attributes.get('sentinel.run.id') ?? this.#fallbackRunId ?? '').toLowerCase();
    if (!isRunId(runId)) {
      this.#setAside = 'neither the hello record nor the file name has a run id';
      return;
    }
    const attributes = new Map(record.attributes);
    this.#state = {
      runId,
      startedNs: record.timeUnixNs,
      attributes,
      script: this.#script(attributes, record.timeUnixNs),
      ended: undefined,
      isExecUndone: false,
      vanishedAtMs: undefined,
      parentByPid: undefined,
      endOffset,
    };
    this.#isRunChanged = true;
  }

  #apply(state: RunState, record: Exclude<ProbeRecord, { kind: 'hello' }>, endOffset: number): boolean {
    switch (record.kind) {
      case 'activity': {
        if (!ACTIVITY_TYPE.test(record.type)) return false;
        const known = this.#activities.get(record.id);
        if (known !== undefined && known.type !== record.type) return false;
        if (known === undefined && this.#activities.size >= MAX_ACTIVITIES_PER_RUN) {
          this.#dropped++;
          this.#touch(state, endOffset);
          return true;
        }
        const activity = known ?? newActivity(record.id, record.type, record.timeUnixNs);
        this.#activities.set(record.id, activity);
        this.#count(activity, record, endOffset);
        break;
      }
      case 'change': {
        const known = this.#activities.get(record.id);
        if (known === undefined) return this.#activities.size >= MAX_ACTIVITIES_PER_RUN;
        this.#count(known, record, endOffset);
        break;
      }
      case 'health':
        this.#learn(state, record.attributes);
        this.#touch(state, endOffset);
        return true;
      case 'end':
        this.#learn(state, record.attributes);
        state.ended = { timeUnixNs: record.timeUnixNs };
        state.isExecUndone = false;
        this.#touch(state, endOffset);
        return true;
    }
    this.#goOn(state, endOffset);
    return true;
  }

  #learn(state: RunState, attributes: ReadonlyMap<string, string>): void {
    merge(state.attributes, attributes);
    // Some of a script, such as the file behind `-m`, is known only once it has run.
    if ([...attributes.keys()].some((name) => name.startsWith('sentinel.script.'))) {
      state.script = this.#script(state.attributes, state.startedNs);
    }
  }

  #script(attributes: ReadonlyMap<string, string>, startedNs: bigint): Script {
    return this.#enrichment.script({
      kind: attributes.get('sentinel.script.kind'),
      path: nonEmpty(attributes.get('sentinel.script.path')),
      module: nonEmpty(attributes.get('sentinel.script.module')),
      sha256: attributes.get('sentinel.script.sha256'),
      startedAtMs: milliseconds(startedNs),
    });
  }

  /** An activity after an `exec` means that the exec failed; one after "vanished" that the process lives. */
  #goOn(state: RunState, endOffset: number): void {
    const isExec = state.ended !== undefined && state.attributes.get('sentinel.run.exit_route') === 'exec';
    if (isExec && !state.isExecUndone) {
      state.isExecUndone = true;
      this.#touch(state, endOffset);
    } else if (state.vanishedAtMs !== undefined) {
      this.#touch(state, endOffset);
    }
  }

  #touch(state: RunState, endOffset: number): void {
    state.endOffset = endOffset;
    state.vanishedAtMs = undefined;
    this.#isRunChanged = true;
  }

  #count(activity: ActivityState, record: ProbeCounters, endOffset: number): void {
    // Totals never fall; two threads may have written their lines in the other order.
    activity.count = Math.max(activity.count, record.count);
    activity.bytesIn = Math.max(activity.bytesIn, record.bytesIn);
    activity.bytesOut = Math.max(activity.bytesOut, record.bytesOut);
    activity.rows = Math.max(activity.rows, record.rows);
    activity.errors = Math.max(activity.errors, record.errors);
    if (record.timeUnixNs > activity.lastSeenNs) activity.lastSeenNs = record.timeUnixNs;
    merge(activity.attributes, record.attributes);
    activity.endOffset = endOffset;
    this.#changed.add(activity.id);
  }

  #row(activity: ActivityState, state: RunState): Activity {
    const attributes: Attributes = {};
    const unmapped: Attributes = {};
    for (const [name, text] of activity.attributes) {
      if (isAttributeName(name)) attributes[name] = parseAttribute(name, text);
      else unmapped[name] = text;
    }
    const decision = takeDecision(attributes);
    addPlace(attributes);
    const hasDistribution = activity.type === 'module.import' && this.#addModuleFacts(attributes, state);
    return {
      id: activity.id,
      runId: state.runId,
      revision: activity.endOffset + (hasDistribution ? 1 : 0),
      type: activity.type,
      attributes,
      ...(Object.keys(unmapped).length === 0 ? {} : { unmapped }),
      ...(decision === undefined ? {} : { decision }),
      count: activity.count,
      bytesIn: activity.bytesIn,
      bytesOut: activity.bytesOut,
      rows: activity.rows,
      errors: activity.errors,
      firstSeen: timestamp(activity.firstSeenNs),
      lastSeen: timestamp(activity.lastSeenNs),
    };
  }

  #addModuleFacts(attributes: Attributes, state: RunState): boolean {
    const name = attributes['sentinel.module.name'];
    const path = attributes['sentinel.module.path'];
    if (typeof name !== 'string' || attributes['sentinel.distribution.name'] !== undefined) return false;
    const basePrefix = state.attributes.get('sentinel.interpreter.base_prefix') ?? '';
    const facts = this.#enrichment.module(name, typeof path === 'string' ? path : undefined, basePrefix);
    // A distribution beside the file knows more than the probe's guess; without one the probe's word stands.
    if (facts.distribution !== undefined || attributes['sentinel.module.kind'] === undefined) {
      attributes['sentinel.module.kind'] = facts.kind;
    }
    if (facts.distribution === undefined) return false;
    attributes['sentinel.distribution.name'] = facts.distribution.name;
    attributes['sentinel.distribution.version'] = facts.distribution.version;
    return true;
  }
}

/** Facts that follow from the row itself, so that they are the same after any restart. */
function addPlace(attributes: Attributes): void {
  const path = attributes['file.path'];
  const facts = typeof path === 'string' ? filePlace(path) : undefined;
  if (facts !== undefined && facts.place !== 'local') {
    attributes['sentinel.file.place'] = facts.place;
    if (facts.provider !== undefined) attributes['sentinel.file.provider'] = facts.provider;
  }
  const name = attributes['process.executable.name'];
  const kind = typeof name === 'string' ? programKind(name) : undefined;
  if (kind !== undefined) attributes['sentinel.process.kind'] = kind;
}

/** Whether the run said that it ended and nothing took that back. */
export function hasEnded(state: Readonly<RunState>): boolean {
  return state.ended !== undefined && !state.isExecUndone;
}

function newActivity(id: number, type: string, timeUnixNs: bigint): ActivityState {
  return {
    id,
    type,
    firstSeenNs: timeUnixNs,
    lastSeenNs: timeUnixNs,
    count: 0,
    bytesIn: 0,
    bytesOut: 0,
    rows: 0,
    errors: 0,
    attributes: new Map(),
    endOffset: 0,
  };
}

function merge(into: Map<string, string>, from: ReadonlyMap<string, string>): void {
  for (const [name, value] of from) {
    if (into.size < MAX_ATTRIBUTES || into.has(name)) into.set(name, value);
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function milliseconds(timeUnixNs: bigint): number {
  return Number(timeUnixNs / 1_000_000n);
}

function timestamp(timeUnixNs: bigint): string {
  return new Date(milliseconds(timeUnixNs)).toISOString();
}
