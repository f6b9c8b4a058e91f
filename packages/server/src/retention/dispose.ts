import { createHash } from 'node:crypto';
import type { Disposal, RetentionClass } from '@sentinel/protocol';
import { canonicalJson } from '../audit/canonical-json.ts';
import type { Services } from '../services.ts';
import type { ControlStore } from '../store/control-store.ts';
import { holdExclusive } from '../store/exclusive.ts';
import { DAY_MS } from '../store/store-time.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { holdsInForce } from './hold.ts';
import { addDays, type DisposedDay } from './retained-rows.ts';
import { RETENTION_CLASSES } from './retention-classes.ts';

/** Row of a rule. */
export interface RetentionRuleTable {
  class: RetentionClass;
  keep_days: number | null;
  changed_at: number;
  changed_by: string;
}

/** Row of a proof. */
export interface DisposalTable {
  id: string;
  class: RetentionClass;
  before_ms: number;
  started_at: number;
  ended_at: number;
  removed: number;
  held: number;
  /** DisposalDay[] as JSON. */
  days: string;
  previous: string;
  hash: string;
}

type Stores = Pick<Services, 'control' | 'events'>;

/** Hash before the first proof. */
const FIRST_PREVIOUS = '0'.repeat(64);

/** How many days a class is kept; null for always. */
export async function keptDays(control: ControlStore, name: RetentionClass): Promise<number | null> {
  const rule = await control
    .selectFrom('retention_rule')
    .select('keep_days')
    .where('class', '=', name)
    .executeTakeFirst();
  return rule === undefined ? RETENTION_CLASSES[name].defaultDays : rule.keep_days;
}

/** What would go of a class, day by day. */
export async function previewDisposal(
  stores: Stores,
  name: RetentionClass,
  keepDays: number,
  nowMs: number,
): Promise<{ beforeMs: number; days: DisposedDay[] }> {
  const beforeMs = dueBefore(keepDays, nowMs);
  const holds = await holdsInForce(stores.control);
  const parts = await Promise.all(RETENTION_CLASSES[name].rows(stores).map((rows) => rows.preview(beforeMs, holds)));
  return { beforeMs, days: addDays(parts) };
}

/** Removes what is due of a class and writes the proof; undefined where nothing was due. */
export async function dispose(
  stores: Stores,
  name: RetentionClass,
  nowMs: number,
  signal: AbortSignal,
): Promise<Disposal | undefined> {
  const keepDays = await keptDays(stores.control, name);
  if (keepDays === null) return undefined;
  const beforeMs = dueBefore(keepDays, nowMs);
  const holds = await holdsInForce(stores.control);
  const done = [];
  for (const rows of RETENTION_CLASSES[name].rows(stores)) done.push(await rows.dispose(beforeMs, holds, signal));
  const days = addDays(done.map((part) => part.days));
  if (days.every(({ rows }) => rows === 0)) return undefined;
  const notes = done.flatMap(({ note }) => (note === undefined ? [] : [note]));
  return prove(stores.control, { class: name, beforeMs, startedMs: nowMs, endedMs: Date.now(), days, notes });
}

/** A proof as the API gives it. */
export function toDisposal(row: DisposalTable): Disposal {
  const { class: name, removed, held, previous, hash, id } = row;
  return {
    id,
    class: name,
    before: new Date(row.before_ms).toISOString(),
    startedAt: new Date(row.started_at).toISOString(),
    endedAt: new Date(row.ended_at).toISOString(),
    removed,
    held,
    days: (JSON.parse(row.days) as { days: DisposedDay[] }).days,
    previous,
    hash,
  };
}

async function prove(
  control: ControlStore,
  facts: {
    class: RetentionClass;
    beforeMs: number;
    startedMs: number;
    endedMs: number;
    days: readonly DisposedDay[];
    notes: readonly string[];
  },
): Promise<Disposal> {
  const total = (of: (day: DisposedDay) => number) => facts.days.reduce((sum, day) => sum + of(day), 0);
  return control.transaction().execute(async (transaction) => {
    await holdExclusive(transaction, 'disposal');
    const last = await transaction
      .selectFrom('disposal')
      .select('hash')
      .where('hash', 'not in', (proofs) => proofs.selectFrom('disposal').select('previous'))
      .executeTakeFirst();
    const row = {
      id: newUuidV7(),
      class: facts.class,
      before_ms: facts.beforeMs,
      started_at: facts.startedMs,
      ended_at: facts.endedMs,
      removed: total(({ rows }) => rows),
      held: total(({ held }) => held),
      days: canonicalJson({ days: facts.days, ...(facts.notes.length > 0 && { notes: facts.notes }) }),
      previous: last?.hash ?? FIRST_PREVIOUS,
    };
    const hash = createHash('sha256').update(canonicalJson(row)).digest('hex');
    await transaction
      .insertInto('disposal')
      .values({ ...row, hash })
      .execute();
    return toDisposal({ ...row, hash });
  });
}

/** Only whole days go, so that a day is there or not. */
function dueBefore(keepDays: number, nowMs: number): number {
  return Math.floor((nowMs - keepDays * DAY_MS) / DAY_MS) * DAY_MS;
}
