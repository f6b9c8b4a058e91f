import type { FamilyQuery, FamilyRow, Sanction } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';
import type { FamilyTable } from './family.ts';
import { readPosition, writePosition } from './page-position.ts';
import type { Scope } from './scope.ts';
import { holdsText } from './text-search.ts';
import { withinScope } from './within-scope.ts';

/** What the company says of a family that nobody decided about. */
export type StandingOf = (family: FamilyTable) => {
  readonly owner: string | null | undefined;
  readonly sanction: Sanction | undefined;
  readonly departmentId: string | null;
};

/** A page of families, the latest first. */
export async function listFamilyPage(
  store: ControlStore,
  query: FamilyQuery & { readonly limit: number; readonly cursor?: string | undefined },
  scope: Scope,
  standingOf: StandingOf,
): Promise<{ items: FamilyRow[]; nextCursor?: string; total: number }> {
  const after = query.cursor === undefined ? undefined : readPosition(query.cursor);
  const matching = select(store, query, scope);
  const page =
    after === undefined
      ? matching
      : matching.where(
          sql<boolean>`(family.last_seen_at < ${after.at} or (family.last_seen_at = ${after.at} and family.id < ${after.id}))`,
        );
  const isOwnFilter = query.owner !== undefined || query.isOwnerKnown !== undefined || query.sanction !== undefined;
  const isFiltered = isOwnFilter || query.departmentId !== undefined;
  if (!isFiltered) {
    const [rows, counted] = await Promise.all([
      page
        .selectAll('family')
        .orderBy('family.last_seen_at', 'desc')
        .orderBy('family.id', 'desc')
        .limit(query.limit + 1)
        .execute(),
      matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    ]);
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: await toFamilyRows(store, shown, scope, standingOf),
      ...(rows.length > query.limit && last !== undefined
        ? { nextCursor: writePosition(last.last_seen_at, last.id) }
        : {}),
      total: counted.total,
    };
  }
  // Owner, state and department come from decisions and, without one, from the company's rules: told apart here.
  const all = await matching
    .selectAll('family')
    .orderBy('family.last_seen_at', 'desc')
    .orderBy('family.id', 'desc')
    .execute();
  const fitting = all.filter((family) => {
    const { sanction, owner, departmentId } = stateOf(family, standingOf(family));
    return (
      (query.sanction === undefined || sanction === query.sanction) &&
      (query.owner === undefined || owner === query.owner) &&
      (query.isOwnerKnown === undefined || (owner !== undefined) === (query.isOwnerKnown === 'true')) &&
      (query.departmentId === undefined || departmentId === query.departmentId)
    );
  });
  const rest =
    after === undefined
      ? fitting
      : fitting.filter(({ last_seen_at: at, id }) => at < after.at || (at === after.at && id < after.id));
  const shown = rest.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: await toFamilyRows(store, shown, scope, standingOf),
    ...(rest.length > query.limit && last !== undefined
      ? { nextCursor: writePosition(last.last_seen_at, last.id) }
      : {}),
    total: fitting.length,
  };
}

/** One family that somebody within the scope ran. */
export function findFamily(store: ControlStore, id: string, scope: Scope): Promise<FamilyTable | undefined> {
  return store.selectFrom('family').selectAll().where('id', '=', id).where(ranWithin(scope)).executeTakeFirst();
}

/** The API's shape of families. */
export async function toFamilyRows(
  store: ControlStore,
  families: readonly FamilyTable[],
  scope: Scope,
  standingOf: StandingOf,
): Promise<FamilyRow[]> {
  if (families.length === 0) return [];
  const ids = families.map(({ id }) => id);
  const [copies, findings, risks] = await Promise.all([
    store
      .selectFrom('family_copy')
      .select(({ fn }) => [
        'family_id',
        fn.count<number>('script_id').distinct().as('versions'),
        sql<number>`count(distinct ${sql.ref('endpoint_id')} || ${sql.ref('path')})`.as('copies'),
        fn.count<number>('endpoint_id').distinct().as('endpoints'),
        fn.count<number>('user_name').distinct().as('users'),
        fn.min('path').as('path'),
      ])
      .where('family_id', 'in', ids)
      .where(withinScope(scope, 'family_copy'))
      .groupBy('family_id')
      .execute(),
    store
      .selectFrom('finding')
      .select(({ fn }) => ['family_id', fn.countAll<number>().as('count')])
      .where('family_id', 'in', ids)
      .where('state', 'in', ['open', 'regressed'])
      .where(withinScope(scope, 'finding'))
      .groupBy('family_id')
      .execute(),
    store
      .selectFrom('risk_day')
      .select(['subject', 'score'])
      .where('kind', '=', 'script')
      .where('subject', 'in', ids)
      .orderBy('day')
      .execute(),
  ]);
  const countsOf = new Map(copies.map((row) => [row.family_id, row]));
  const findingsOf = new Map(findings.map(({ family_id, count }) => [family_id, count]));
  // In the order of days: the latest stays.
  const riskOf = new Map(risks.map(({ subject, score }) => [subject, score]));
  return families.map((family) => {
    const counts = countsOf.get(family.id);
    const score = riskOf.get(family.id);
    const state = stateOf(family, standingOf(family));
    return {
      id: family.id,
      ...placeOf(family, scope, counts?.path ?? null),
      sanction: state.sanction,
      isSanctionStated: family.sanction !== null,
      ...(state.owner === undefined ? {} : { owner: state.owner }),
      ...(family.author === null || !scope.isAll ? {} : { author: family.author }),
      ...(state.departmentId === undefined ? {} : { departmentId: state.departmentId }),
      versions: counts?.versions ?? 0,
      copies: counts?.copies ?? 0,
      endpoints: counts?.endpoints ?? 0,
      users: counts?.users ?? 0,
      openFindings: findingsOf.get(family.id) ?? 0,
      ...(score === undefined ? {} : { riskScore: score }),
      firstSeenAt: new Date(family.first_seen_at).toISOString(),
      lastSeenAt: new Date(family.last_seen_at).toISOString(),
    };
  });
}

function stateOf(
  family: FamilyTable,
  standing: ReturnType<StandingOf>,
): { sanction: Sanction; owner: string | undefined; departmentId: string | undefined } {
  return {
    sanction: (family.sanction as Sanction | null) ?? standing.sanction ?? 'unreviewed',
    owner: family.owner ?? standing.owner ?? undefined,
    departmentId: family.department_id ?? standing.departmentId ?? undefined,
  };
}

function ranWithin(scope: Scope) {
  if (scope.isAll) return sql<boolean>`1 = 1`;
  return sql<boolean>`exists (select 1 from family_copy where family_copy.family_id = family.id and ${withinScope(scope, 'family_copy')})`;
}

function select(store: ControlStore, query: FamilyQuery, scope: Scope) {
  let found = store.selectFrom('family').where(ranWithin(scope));
  if (query.q !== undefined && query.q !== '') found = found.where(holdsText(query.q, ['name', 'path']));
  if (query.isApproved === 'true') found = found.where('sanction', '=', 'sanctioned');
  if (query.isApproved === 'false')
    found = found.where((row) => row.or([row('sanction', 'is', null), row('sanction', '!=', 'sanctioned')]));
  const isOfRuns = query.label !== undefined || query.isRunning !== undefined;
  if (!isOfRuns) {
    return query.since === undefined ? found : found.where('last_seen_at', '>=', Date.parse(query.since));
  }
  let runs = store.selectFrom('judged_run').select('family_id').where(withinScope(scope, 'judged_run'));
  if (query.label === 'customer') runs = runs.where('is_customer', '=', 1);
  else if (query.label === 'any') runs = runs.where('labels', '!=', '[]');
  else if (query.label !== undefined)
    runs = runs.where('labels', 'like', `%${JSON.stringify(query.label).replaceAll(/[%_]/g, '')}%`);
  if (query.isRunning === 'true') runs = runs.where('is_running', '=', 1);
  if (query.since !== undefined) runs = runs.where('started_at', '>=', Date.parse(query.since));
  return found.where('id', 'in', runs);
}

/** Name and path of a family; where a part of the fleet is seen, those of a copy in it: others' are not for it to know. */
function placeOf(
  family: Pick<FamilyTable, 'name' | 'path'>,
  scope: Scope,
  seen: string | null,
): { name: string; path?: string } {
  const path = scope.isAll ? family.path : seen;
  if (path === null || path === '') return { name: family.name };
  return { name: scope.isAll ? family.name : (path.split(/[\\/]/).at(-1) ?? family.name), path };
}
