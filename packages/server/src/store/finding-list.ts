import type { FindingQuery, FindingRow, Severity } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';
import { evidenceOf, type FindingTable, rankOf, severityOf } from './finding.ts';
import type { Scope } from './scope.ts';
import { holdsText } from './text-search.ts';
import { withinScope } from './within-scope.ts';

/** A page of findings, the worst and latest first, with how many match. */
export async function listFindingPage(
  store: ControlStore,
  query: FindingQuery & { readonly limit: number; readonly cursor?: string | undefined },
  scope: Scope,
): Promise<{
  items: FindingRow[];
  nextCursor?: string;
  total: number;
  bySeverity: Record<Severity, number>;
}> {
  const matching = select(store, query, scope);
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  const page = after === undefined ? matching : matching.where(isAfter(after));
  const { severity: _severity, leastSeverity: _least, ...others } = query;
  const [rows, counts] = await Promise.all([
    page
      .selectAll()
      .orderBy('severity', 'desc')
      .orderBy('last_seen_at', 'desc')
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
      .execute(),
    select(store, others, scope)
      .select(({ fn }) => ['severity', fn.countAll<number>().as('count')])
      .groupBy('severity')
      .execute(),
  ]);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const bySeverity: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const { severity, count } of counts) bySeverity[severityOf(severity)] += count;
  return {
    items: shown.map(toFindingRow),
    ...(rows.length > query.limit && last !== undefined ? { nextCursor: writeCursor(last) } : {}),
    total: Object.entries(bySeverity)
      .filter(([severity]) => passes(severity as Severity, query))
      .reduce((sum, [, count]) => sum + count, 0),
    bySeverity,
  };
}

/** One finding within a scope. */
export function findFinding(store: ControlStore, id: string, scope: Scope): Promise<FindingTable | undefined> {
  return store
    .selectFrom('finding')
    .selectAll()
    .where('id', '=', id)
    .where(withinScope(scope, 'finding'))
    .executeTakeFirst();
}

/** Runs that raised a finding, and its history, both the latest first. */
export async function findingDetails(store: ControlStore, fingerprint: string, scope: Scope, limit: number) {
  const [runs, history] = await Promise.all([
    store
      .selectFrom('finding_run')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .where(withinScope(scope, 'finding_run'))
      .orderBy('seen_at', 'desc')
      .orderBy('run_id')
      .limit(limit)
      .execute(),
    store
      .selectFrom('finding_event')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(500)
      .execute(),
  ]);
  return {
    runs: runs.map((row) => ({
      runId: row.run_id,
      endpointId: row.endpoint_id,
      hostName: row.host_name,
      userName: row.user_name,
      seenAt: timeOf(row.seen_at),
      title: row.title,
      severity: severityOf(row.severity),
      evidence: evidenceOf(row.evidence),
    })),
    history: history.map(({ at, who, kind, content }) => ({
      at: timeOf(at),
      who,
      kind,
      content: JSON.parse(content) as Record<string, unknown>,
    })),
  };
}

/** The API's shape of a finding. */
export function toFindingRow(row: FindingTable): FindingRow {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    ruleId: row.rule_id,
    title: row.title,
    severity: severityOf(row.severity),
    confidence: row.confidence as FindingRow['confidence'],
    techniques: JSON.parse(row.techniques) as string[],
    controls: JSON.parse(row.controls) as string[],
    state: row.state,
    ...(row.accepted_until === null ? {} : { acceptedUntil: timeOf(row.accepted_until) }),
    ...(row.owner === null ? {} : { owner: row.owner }),
    familyId: row.family_id,
    scriptId: row.script_id,
    scriptName: row.script_name,
    userName: row.user_name,
    hostName: row.host_name,
    endpointId: row.endpoint_id,
    ...(row.department_id === null ? {} : { departmentId: row.department_id }),
    firstSeenAt: timeOf(row.first_seen_at),
    lastSeenAt: timeOf(row.last_seen_at),
    occurrences: row.occurrences,
    lastRunId: row.last_run_id,
  };
}

function select(store: ControlStore, query: Partial<FindingQuery>, scope: Scope) {
  let found = store.selectFrom('finding').where(withinScope(scope, 'finding'));
  if (query.state === 'unsettled' || query.state === undefined)
    found = found.where('state', 'in', ['open', 'regressed']);
  else if (query.state !== 'all') found = found.where('state', '=', query.state);
  if (query.q !== undefined && query.q !== '') found = found.where(holdsText(query.q, ['title', 'script_name']));
  if (query.severity !== undefined) found = found.where('severity', '=', rankOf(query.severity));
  if (query.leastSeverity !== undefined) found = found.where('severity', '>=', rankOf(query.leastSeverity));
  const equal = {
    rule_id: query.ruleId,
    family_id: query.familyId,
    endpoint_id: query.endpointId,
    user_name: query.userName,
    department_id: query.departmentId,
    owner: query.owner,
  } as const;
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) found = found.where(column as keyof typeof equal, '=', value);
  if (query.since !== undefined) found = found.where('last_seen_at', '>=', Date.parse(query.since));
  if (query.until !== undefined) found = found.where('last_seen_at', '<', Date.parse(query.until));
  if (query.runId !== undefined) {
    const ofRun = store.selectFrom('finding_run').select('fingerprint').where('run_id', '=', query.runId.toLowerCase());
    found = found.where('fingerprint', 'in', ofRun);
  }
  return found;
}

function passes(severity: Severity, { severity: only, leastSeverity }: FindingQuery): boolean {
  if (only !== undefined && severity !== only) return false;
  return leastSeverity === undefined || rankOf(severity) >= rankOf(leastSeverity);
}

interface Position {
  readonly severity: number;
  readonly lastSeenAt: number;
  readonly id: string;
}

function isAfter({ severity, lastSeenAt, id }: Position) {
  return sql<boolean>`(severity < ${severity} or (severity = ${severity} and (last_seen_at < ${lastSeenAt} or (last_seen_at = ${lastSeenAt} and id < ${id}))))`;
}

function writeCursor({ severity, last_seen_at: lastSeenAt, id }: FindingTable): string {
  return Buffer.from(JSON.stringify([severity, lastSeenAt, id])).toString('base64url');
}

function readCursor(cursor: string): Position {
  try {
    const [severity, lastSeenAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof severity === 'number' && typeof lastSeenAt === 'number' && typeof id === 'string')
      return { severity, lastSeenAt, id };
  } catch {
    // Falls through: whatever is wrong with it, it is not ours.
  }
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
