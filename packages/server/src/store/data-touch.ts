import type { DataFlow } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';
import { readPosition, writePosition } from './page-position.ts';
import type { Scope } from './scope.ts';
import { DAY_MS } from './store-time.ts';
import { holdsText } from './text-search.ts';
import { withinScope } from './within-scope.ts';

/** Which touches of data are asked for. */
export interface TouchQuery {
  readonly label?: string | undefined;
  readonly q?: string | undefined;
  readonly familyId?: string | undefined;
  readonly departmentId?: string | undefined;
  readonly since?: string | undefined;
  readonly name?: string | undefined;
  readonly direction?: 'read' | 'written' | 'sent' | undefined;
}

const WINDOW_DAYS = 30;

/** Ways that data took, added up over runs. */
export async function listFlows(
  store: ControlStore,
  query: TouchQuery & { readonly limit: number },
  scope: Scope,
  nowMs: number,
): Promise<{ items: DataFlow[]; total: number }> {
  const grouped = select(store, query, scope, nowMs)
    .select(({ fn }) => [
      'run_touch.family_id',
      'family.name as script',
      'run_touch.direction',
      'run_touch.kind',
      'run_touch.name',
      'run_touch.labels',
      fn.sum<number | string>('run_touch.row_count').as('row_sum'),
      fn.sum<number | string>('run_touch.bytes').as('byte_sum'),
      fn.count<number>('run_touch.run_id').distinct().as('run_count'),
      fn.max('run_touch.at').as('last_at'),
    ])
    .groupBy([
      'run_touch.family_id',
      'family.name',
      'run_touch.direction',
      'run_touch.kind',
      'run_touch.name',
      'run_touch.labels',
    ]);
  const [rows, counted] = await Promise.all([
    grouped
      .orderBy('row_sum', 'desc')
      .orderBy('byte_sum', 'desc')
      .orderBy('run_touch.name')
      .limit(query.limit)
      .execute(),
    store
      .selectFrom(grouped.as('flow'))
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
  ]);
  return {
    items: rows.map((row) => ({
      familyId: row.family_id,
      scriptName: row.script,
      direction: row.direction as DataFlow['direction'],
      kind: row.kind,
      name: row.name,
      labels: JSON.parse(row.labels) as string[],
      rows: Number(row.row_sum),
      bytes: Number(row.byte_sum),
      runs: row.run_count,
      lastAt: new Date(row.last_at).toISOString(),
    })),
    total: counted.total,
  };
}

/** Touches run by run, latest first. */
export async function listTouches(
  store: ControlStore,
  query: TouchQuery & { readonly limit: number; readonly cursor?: string | undefined },
  scope: Scope,
  nowMs: number,
) {
  const matching = select(store, query, scope, nowMs);
  const after = query.cursor === undefined ? undefined : readPosition(query.cursor);
  const page =
    after === undefined
      ? matching
      : matching.where(
          sql<boolean>`(run_touch.at < ${after.at} or (run_touch.at = ${after.at} and ${touchId()} < ${after.id}))`,
        );
  const [rows, counted] = await Promise.all([
    page
      .selectAll('run_touch')
      .select(['family.name as script', 'judged_run.user_name', 'judged_run.host_name', touchId().as('touch_id')])
      .orderBy('run_touch.at', 'desc')
      .orderBy('touch_id', 'desc')
      .limit(query.limit + 1)
      .execute(),
    matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => ({
      runId: row.run_id,
      at: new Date(row.at).toISOString(),
      familyId: row.family_id,
      scriptName: row.script,
      userName: row.user_name,
      hostName: row.host_name,
      direction: row.direction as DataFlow['direction'],
      kind: row.kind,
      name: row.name,
      labels: JSON.parse(row.labels) as string[],
      rows: row.row_count,
      bytes: row.bytes,
    })),
    ...(rows.length > query.limit && last !== undefined ? { nextCursor: writePosition(last.at, last.touch_id) } : {}),
    total: counted.total,
  };
}

function touchId() {
  return sql<string>`run_touch.run_id || ' ' || (1000 + run_touch.place)`;
}

function select(store: ControlStore, query: TouchQuery, scope: Scope, nowMs: number) {
  const sinceMs = query.since === undefined ? nowMs - WINDOW_DAYS * DAY_MS : Date.parse(query.since);
  let found = store
    .selectFrom('run_touch')
    .innerJoin('family', 'family.id', 'run_touch.family_id')
    .innerJoin('judged_run', 'judged_run.run_id', 'run_touch.run_id')
    .where('run_touch.at', '>=', sinceMs)
    .where(withinScope(scope, 'judged_run'));
  if (query.label !== undefined)
    found = found.where('run_touch.labels', 'like', `%${JSON.stringify(query.label).replaceAll(/[%_]/g, '')}%`);
  if (query.q !== undefined && query.q !== '')
    found = found.where(holdsText(query.q, ['run_touch.name', 'family.name']));
  if (query.familyId !== undefined) found = found.where('run_touch.family_id', '=', query.familyId);
  if (query.departmentId !== undefined) found = found.where('run_touch.department_id', '=', query.departmentId);
  if (query.name !== undefined) found = found.where('run_touch.name', '=', query.name);
  if (query.direction !== undefined) found = found.where('run_touch.direction', '=', query.direction);
  return found;
}
