import type { Activity, Run } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { changedRunsBodies, RUNS_CHANGED } from '../live/changed-runs.ts';
import type { Signals } from '../live/signals.ts';
import type { Metrics } from '../metrics.ts';
import { activityColumns, encodeActivity, type Owner } from '../store/activity.ts';
import { type BatchMarkTable, insertMarks } from '../store/batch-mark.ts';
import type { ControlStore } from '../store/control-store.ts';
import { recordSeen } from '../store/endpoint.ts';
import { type EventStore, RowsRefused } from '../store/event-store.ts';
import { enqueueRuns } from '../store/judged-run.ts';
import { type SetAside, setAside } from '../store/quarantine.ts';
import { encodeRun, type Origin, runColumns } from '../store/run.ts';
import type { MalformedRow, ReadBatch } from './read-batch.ts';
import type { RunOwners } from './run-owners.ts';

/** What became of a batch. */
export interface Stored {
  readonly rowsStored: number;
  readonly rowsSetAside: number;
}

interface Waiting {
  readonly batch: ReadBatch;
  readonly origin: Origin;
  readonly sha256: string;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: unknown) => void;
}

type Refused = Map<Waiting, MalformedRow[]>;

interface Line {
  readonly waiting: Waiting;
  readonly text: string;
}

/**
 * How long the first batch of a group waits for batches that are announced but not read yet. Nobody
 * waits where nobody is announced. A durable insert costs some 10 ms however small it is.
 */
const WINDOW_MS = 25;
/** A group that has so many rows is written without waiting. */
const FULL_GROUP_ROWS = 20_000;
/** Malformed rows kept of one batch; all are counted. */
const KEPT_MALFORMED = 200;

/**
 * Writes batches in groups: one insert a table, then the marks in one transaction, then every
 * acknowledgement. A crash before the marks makes the agents send again, and the rows replace themselves.
 */
export class GroupCommit {
  readonly #control: ControlStore;
  readonly #events: EventStore;
  readonly #owners: RunOwners;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #signals: Signals;
  #group: Waiting[] = [];
  #rows = 0;
  #arriving = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The inserts of one group; the next group waits for them. */
  #writing: Promise<void> | undefined;
  /** Groups whose rows are in and whose marks are not: the next group is inserted meanwhile. */
  readonly #marking = new Set<Promise<void>>();

  constructor(parts: {
    control: ControlStore;
    events: EventStore;
    owners: RunOwners;
    metrics: Metrics;
    log: Logger;
    signals: Signals;
  }) {
    this.#control = parts.control;
    this.#events = parts.events;
    this.#owners = parts.owners;
    this.#metrics = parts.metrics;
    this.#log = parts.log;
    this.#signals = parts.signals;
  }

  /** Says that a batch is being read; gives what must be called once it is submitted or turned out to be none. */
  announce(): () => void {
    this.#arriving++;
    let isAnnounced = true;
    return () => {
      if (!isAnnounced) return;
      isAnnounced = false;
      this.#arriving--;
      if (this.#arriving === 0 && this.#writing === undefined) this.#flush();
    };
  }

  /** Resolves once the batch is durable and marked. */
  submit(batch: ReadBatch, origin: Origin, sha256: string): Promise<Stored> {
    return new Promise((resolve, reject) => {
      this.#group.push({ batch, origin, sha256, resolve, reject });
      this.#rows += batch.runs.length + batch.activities.length;
      if (this.#writing !== undefined) return;
      if (this.#rows >= FULL_GROUP_ROWS) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), WINDOW_MS);
    });
  }

  /** Resolves once nothing is under way. */
  async settled(): Promise<void> {
    while (this.#group.length > 0 || this.#writing !== undefined || this.#marking.size > 0) {
      if (this.#writing === undefined) this.#flush();
      await Promise.all([this.#writing, ...this.#marking]);
    }
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#group;
    this.#group = [];
    this.#rows = 0;
    if (group.length === 0) return;
    const fail = (error: unknown) => {
      for (const { reject } of group) reject(error);
    };
    this.#writing = this.#write(group)
      .then((refused) => {
        const marking = this.#finish(group, refused)
          .catch(fail)
          .finally(() => this.#marking.delete(marking));
        this.#marking.add(marking);
      }, fail)
      .finally(() => {
        this.#writing = undefined;
        // What came meanwhile has waited long enough.
        if (this.#group.length > 0) this.#flush();
      });
  }

  /** Inserts the rows of a group; gives those that the store refused. */
  async #write(group: readonly Waiting[]): Promise<Refused> {
    const refused: Refused = new Map();
    const owners = await this.#owners.resolve(group);
    const runs = group.flatMap((waiting) =>
      waiting.batch.runs.map((run: Run): Line => ({ waiting, text: encodeRun(run, waiting.origin) })),
    );
    const activities = group.flatMap((waiting) =>
      waiting.batch.activities.map((activity: Activity): Line => {
        const owner: Owner = owners(waiting.origin.endpointId, activity.runId);
        return { waiting, text: encodeActivity(activity, waiting.origin, owner) };
      }),
    );
    const inserts = await Promise.allSettled([
      this.#insert('run', runColumns, runs, refused),
      this.#insert('activity', activityColumns, activities, refused),
    ]);
    for (const insert of inserts) if (insert.status === 'rejected') throw insert.reason;
    this.#metrics.groupRows.observe(runs.length + activities.length);
    return refused;
  }

  /** Marks the batches of a group whose rows are durable, and answers them. */
  async #finish(group: readonly Waiting[], refused: Refused): Promise<void> {
    const stored = new Map(group.map((waiting) => [waiting, outcome(waiting, refused.get(waiting) ?? [])]));
    const deliver = await this.#mark(group, stored, refused);
    for (const [waiting, result] of stored) waiting.resolve(result);
    for (const tell of deliver) tell();
  }

  /** One insert; where the store refuses rows, halves until the ones at fault stand alone. */
  async #insert(table: string, columns: readonly string[], lines: readonly Line[], refused: Refused): Promise<void> {
    if (lines.length === 0) return;
    try {
      await this.#events.insert({
        table,
        columns,
        lines: Buffer.from(`${lines.map(({ text }) => text).join('\n')}\n`),
      });
    } catch (error) {
      const [only] = lines;
      if (!(error instanceof RowsRefused) || only === undefined) throw error;
      if (lines.length > 1) {
        const middle = lines.length >> 1;
        await this.#insert(table, columns, lines.slice(0, middle), refused);
        await this.#insert(table, columns, lines.slice(middle), refused);
        return;
      }
      this.#log.warn({ table }, 'the event store refused a row; it was set aside');
      const rows = refused.get(only.waiting) ?? [];
      rows.push({ reason: `the event store refused the ${table} row`, row: only.text });
      refused.set(only.waiting, rows);
    }
  }

  /** Writes the marks and tells the other servers in one transaction; gives what tells this one. */
  async #mark(
    group: readonly Waiting[],
    stored: ReadonlyMap<Waiting, Stored>,
    refused: Refused,
  ): Promise<(() => void)[]> {
    const nowMs = Date.now();
    const marks = group.map((waiting): BatchMarkTable => {
      const { rowsStored, rowsSetAside } = stored.get(waiting) as Stored;
      return {
        endpoint_id: waiting.origin.endpointId,
        spool_id: waiting.origin.spoolId,
        sequence: waiting.origin.sequence,
        sha256: waiting.sha256,
        rows_stored: rowsStored,
        rows_set_aside: rowsSetAside,
        stored_at: nowMs,
      };
    });
    const aside = group.flatMap((waiting) =>
      [...waiting.batch.malformed, ...(refused.get(waiting) ?? [])]
        .slice(0, KEPT_MALFORMED)
        .map((malformed) => toSetAside(waiting.origin, malformed)),
    );
    const runIds = runIdsOf(group);
    const bodies = changedRunsBodies(runIds);
    return this.#control.transaction().execute(async (transaction) => {
      await insertMarks(transaction, marks);
      if (aside.length > 0) await setAside(transaction, aside, nowMs);
      await recordSeen(transaction, [...new Set(group.map(({ origin }) => origin.endpointId))].sort(), nowMs);
      await enqueueRuns(transaction, runIds, nowMs);
      await enqueueRuns(transaction, endedIdsOf(group), nowMs, true);
      const deliver: (() => void)[] = [];
      for (const body of bodies) deliver.push(await this.#signals.publishWithin(transaction, RUNS_CHANGED, body));
      return deliver;
    });
  }
}

function runIdsOf(group: readonly Waiting[]): Set<string> {
  const runIds = new Set<string>();
  for (const { batch } of group) {
    for (const { id } of batch.runs) runIds.add(id);
    for (const { runId } of batch.activities) runIds.add(runId);
  }
  return runIds;
}

function endedIdsOf(group: readonly Waiting[]): string[] {
  return group.flatMap(({ batch }) => batch.runs.filter(({ status }) => status === 'ended').map(({ id }) => id));
}

function outcome({ batch }: Waiting, refused: readonly MalformedRow[]): Stored {
  return {
    rowsStored: batch.runs.length + batch.activities.length - refused.length,
    rowsSetAside: batch.malformed.length + refused.length,
  };
}

function toSetAside(origin: Origin, { reason, row }: MalformedRow): SetAside {
  return {
    endpointId: origin.endpointId,
    spoolId: origin.spoolId,
    sequence: origin.sequence,
    kind: 'row',
    reason,
    body: Buffer.from(typeof row === 'string' ? row : (JSON.stringify(row) ?? 'null')),
  };
}
