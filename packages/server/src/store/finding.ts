import type { Evidence, Finding, Severity } from '@sentinel/protocol';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of a finding: one thing, however often it was seen. */
export interface FindingTable {
  fingerprint: string;
  id: string;
  rule_id: string;
  title: string;
  /** Rank: 1 low to 4 critical. */
  severity: number;
  confidence: string;
  techniques: string;
  controls: string;
  state: FindingState;
  accepted_until: number | null;
  owner: string | null;
  family_id: string;
  script_id: string;
  script_name: string;
  user_name: string;
  host_name: string;
  endpoint_id: string;
  department_id: string | null;
  first_seen_at: number;
  last_seen_at: number;
  /** Runs that raised it. */
  occurrences: number;
  last_run_id: string;
  evidence: string;
  state_at: number;
  updated_at: number;
}

/** Row of one run that raised a finding. */
export interface FindingRunTable {
  fingerprint: string;
  run_id: string;
  endpoint_id: string;
  host_name: string;
  user_name: string;
  seen_at: number;
  title: string;
  severity: number;
  evidence: string;
}

/** Row of what became of a finding. */
export interface FindingEventTable {
  id: string;
  fingerprint: string;
  at: number;
  who: string;
  kind: string;
  content: string;
}

/** Row of a notification: at most one a finding and day. */
export interface NotificationTable {
  fingerprint: string;
  day: string;
  at: number;
  kind: string;
  title: string;
  severity: number;
}

/** State of a finding. */
export type FindingState = 'open' | 'accepted' | 'fixed' | 'regressed';

/** Who writes when no person does. */
export const PRODUCT = 'sentinel';

const RANKS: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** Rank of a severity: 1 low to 4 critical. */
export function rankOf(severity: Severity): number {
  return RANKS.indexOf(severity) + 1;
}

/** Severity of a rank. */
export function severityOf(rank: number): Severity {
  return RANKS[rank - 1] ?? 'low';
}

/** What a finding is about, besides the rule's word. */
export interface FindingSubject {
  readonly runId: string;
  readonly endpointId: string;
  readonly familyId: string;
  readonly scriptId: string;
  readonly scriptName: string;
  readonly userName: string;
  readonly hostName: string;
  readonly departmentId: string | null;
}

/** A finding that is new or came back: worth telling somebody. */
export interface FindingNews {
  readonly fingerprint: string;
  readonly id: string;
  readonly kind: 'new' | 'regressed';
  readonly title: string;
  readonly severity: Severity;
}

/**
 * Writes what rules found in a run in place of what they found in it before. Judging a run again changes nothing; what is no
 * longer found in it is withdrawn, and a finding that no run holds up and nobody touched goes.
 */
export async function recordFindings(
  store: ControlStore,
  findings: readonly Finding[],
  subject: FindingSubject,
  nowMs: number,
): Promise<FindingNews[]> {
  const before = await store
    .selectFrom('finding_run')
    .select('fingerprint')
    .where('run_id', '=', subject.runId)
    .execute();
  const found = new Set(findings.map(({ fingerprint }) => fingerprint));
  for (const { fingerprint } of before) if (!found.has(fingerprint)) await withdraw(store, fingerprint, subject.runId);
  const seen = new Set(before.map(({ fingerprint }) => fingerprint));
  const news: FindingNews[] = [];
  for (const finding of findings) {
    await keepOccurrence(store, finding, subject);
    const told = await keepFinding(store, finding, subject, seen.has(finding.fingerprint), nowMs);
    if (told !== undefined) news.push(told);
  }
  for (const one of news) await notify(store, one, nowMs);
  return news;
}

async function keepOccurrence(store: ControlStore, finding: Finding, subject: FindingSubject): Promise<void> {
  const row = {
    endpoint_id: subject.endpointId,
    host_name: subject.hostName,
    user_name: subject.userName,
    seen_at: Date.parse(finding.seenAt),
    title: finding.title,
    severity: rankOf(finding.severity),
    evidence: JSON.stringify(finding.evidence),
  };
  await store
    .insertInto('finding_run')
    .values({ fingerprint: finding.fingerprint, run_id: subject.runId, ...row })
    .onConflict((conflict) => conflict.columns(['fingerprint', 'run_id']).doUpdateSet(row))
    .execute();
}

async function keepFinding(
  store: ControlStore,
  finding: Finding,
  subject: FindingSubject,
  wasSeen: boolean,
  nowMs: number,
): Promise<FindingNews | undefined> {
  const { fingerprint } = finding;
  const seenAt = Date.parse(finding.seenAt);
  const known = await store.selectFrom('finding').selectAll().where('fingerprint', '=', fingerprint).executeTakeFirst();
  const latest = {
    title: finding.title,
    severity: rankOf(finding.severity),
    confidence: finding.confidence,
    techniques: JSON.stringify(finding.techniques),
    controls: JSON.stringify(finding.controls ?? []),
    family_id: subject.familyId,
    script_id: subject.scriptId,
    script_name: subject.scriptName,
    user_name: subject.userName,
    host_name: subject.hostName,
    endpoint_id: subject.endpointId,
    department_id: subject.departmentId,
    last_run_id: subject.runId,
    last_seen_at: seenAt,
    evidence: JSON.stringify(finding.evidence),
  };
  const told = { fingerprint, title: finding.title, severity: finding.severity };
  if (known === undefined) {
    await store
      .insertInto('finding')
      .values({
        fingerprint,
        id: finding.id,
        rule_id: finding.ruleId,
        state: 'open',
        accepted_until: null,
        owner: null,
        first_seen_at: seenAt,
        occurrences: 1,
        state_at: nowMs,
        updated_at: nowMs,
        ...latest,
      })
      .execute();
    await addFindingEvent(store, fingerprint, PRODUCT, 'found', { runId: subject.runId }, nowMs);
    return { ...told, id: finding.id, kind: 'new' };
  }
  // What was fixed and is seen in a run that began after that has come back.
  const isBack = known.state === 'fixed' && !wasSeen && seenAt > known.state_at;
  await store
    .updateTable('finding')
    .set({
      ...(seenAt >= known.last_seen_at ? latest : {}),
      first_seen_at: Math.min(known.first_seen_at, seenAt),
      occurrences: known.occurrences + (wasSeen ? 0 : 1),
      updated_at: nowMs,
      ...(isBack ? { state: 'regressed' as const, state_at: nowMs } : {}),
    })
    .where('fingerprint', '=', fingerprint)
    .execute();
  if (!isBack) return undefined;
  await addFindingEvent(store, fingerprint, PRODUCT, 'regressed', { runId: subject.runId }, nowMs);
  return { ...told, id: known.id, kind: 'regressed' };
}

async function withdraw(store: ControlStore, fingerprint: string, runId: string): Promise<void> {
  await store.deleteFrom('finding_run').where('fingerprint', '=', fingerprint).where('run_id', '=', runId).execute();
  const last = await store
    .selectFrom('finding_run')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .orderBy('seen_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last !== undefined) {
    await store
      .updateTable('finding')
      .set((set) => ({
        occurrences: set('occurrences', '-', 1),
        last_run_id: last.run_id,
        last_seen_at: last.seen_at,
        title: last.title,
        severity: last.severity,
        evidence: last.evidence,
        endpoint_id: last.endpoint_id,
        host_name: last.host_name,
        user_name: last.user_name,
      }))
      .where('fingerprint', '=', fingerprint)
      .execute();
    return;
  }
  const touched = await store
    .selectFrom('finding_event')
    .select('id')
    .where('fingerprint', '=', fingerprint)
    .where('who', '!=', PRODUCT)
    .limit(1)
    .executeTakeFirst();
  if (touched !== undefined) {
    await store.updateTable('finding').set({ occurrences: 0 }).where('fingerprint', '=', fingerprint).execute();
    return;
  }
  for (const table of ['finding', 'finding_event', 'notification'] as const)
    await store.deleteFrom(table).where('fingerprint', '=', fingerprint).execute();
}

/** Adds to the history of a finding. */
export async function addFindingEvent(
  store: ControlStore,
  fingerprint: string,
  who: string,
  kind: string,
  content: object,
  nowMs: number,
): Promise<void> {
  await store
    .insertInto('finding_event')
    .values({ id: newUuidV7(), fingerprint, at: nowMs, who, kind, content: JSON.stringify(content) })
    .execute();
}

async function notify(store: ControlStore, news: FindingNews, nowMs: number): Promise<void> {
  await store
    .insertInto('notification')
    .values({
      fingerprint: news.fingerprint,
      day: new Date(nowMs).toISOString().slice(0, 10),
      at: nowMs,
      kind: news.kind,
      title: news.title,
      severity: rankOf(news.severity),
    })
    .onConflict((conflict) => conflict.columns(['fingerprint', 'day']).doNothing())
    .execute();
}

/** Ends acceptances whose date is over: the finding is open again. Gives the fingerprints. */
export async function endAcceptances(store: ControlStore, nowMs: number): Promise<string[]> {
  const over = await store
    .selectFrom('finding')
    .select(['fingerprint', 'id', 'title', 'severity'])
    .where('state', '=', 'accepted')
    .where('accepted_until', '<=', nowMs)
    .execute();
  for (const { fingerprint } of over) {
    await store
      .updateTable('finding')
      .set({ state: 'open', accepted_until: null, state_at: nowMs, updated_at: nowMs })
      .where('fingerprint', '=', fingerprint)
      .execute();
    await addFindingEvent(store, fingerprint, PRODUCT, 'acceptance-ended', {}, nowMs);
  }
  return over.map(({ fingerprint }) => fingerprint);
}

/** Evidence of a row. */
export function evidenceOf(text: string): Evidence[] {
  return JSON.parse(text) as Evidence[];
}
