import { createHash } from 'node:crypto';
import { ENDPOINT_TAMPERING, runRules } from '@sentinel/detector';
import { type FindingChange, type FindingRow, SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { addFindingEvent, evidenceOf, type FindingTable, severityOf } from '../store/finding.ts';
import { findFinding, findingDetails, listFindingPage, toFindingRow } from '../store/finding-list.ts';
import type { Person } from '../store/session.ts';
import { DAY_MS } from '../store/store-time.ts';
import { withinScope } from '../store/within-scope.ts';
import type { Handlers } from './handler.ts';

const RUNS_SHOWN = 50;
const EXPORT_PAGE = 200;
/** Longest time that a risk may be taken without looking at it again. */
const MOST_DAYS = 366;

type FindingOperation =
  | 'listFindings'
  | 'getFinding'
  | 'updateFinding'
  | 'updateFindings'
  | 'exportFindings'
  | 'listNotifications';

/** What rules found in runs, and what people decided about it. */
export function findings(services: Services): Handlers<FindingOperation> {
  const { control } = services;
  return {
    listFindings: ({ query, person }) => listFindingPage(control, query, person.scope),
    async getFinding({ params, person }) {
      const row = await findOne(services, params.findingId, person);
      const rule = [...runRules, ENDPOINT_TAMPERING].find(({ id }) => id === row.rule_id);
      return {
        ...toFindingRow(row),
        evidence: evidenceOf(row.evidence),
        ruleTitle: rule?.title ?? row.rule_id,
        ...(rule === undefined ? {} : { misses: rule.misses }),
        references: [...(rule?.references ?? [])],
        ...(await findingDetails(control, row.fingerprint, person.scope, RUNS_SHOWN)),
      };
    },
    async updateFinding({ params, body, person }) {
      checkChange(body, Date.now());
      return change(services, await findOne(services, params.findingId, person), body, person);
    },
    async updateFindings({ body, person }) {
      checkChange(body.change, Date.now());
      const missing: string[] = [];
      for (const id of body.ids) {
        const row = await findFinding(control, id.toLowerCase(), person.scope);
        if (row === undefined) missing.push(id);
        else await change(services, row, body.change, person);
      }
      return { changed: body.ids.length - missing.length, missing };
    },
    async *exportFindings({ query, person, signal }) {
      await services.audit.record(person, {
        action: 'finding.export',
        object: { kind: 'findings', id: 'all' },
        after: query,
      });
      const hash = createHash('sha256');
      let count = 0;
      let cursor: string | undefined;
      do {
        const page = await listFindingPage(control, { ...query, limit: EXPORT_PAGE, cursor }, person.scope);
        for (const finding of page.items) {
          if (signal.aborted) return;
          hash.update(`${JSON.stringify(finding)}\n`);
          count += 1;
          yield { kind: 'finding' as const, finding };
        }
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      yield { kind: 'end' as const, count, sha256: hash.digest('hex') };
    },
    async listNotifications({ query, person }) {
      const rows = await control
        .selectFrom('notification')
        .innerJoin('finding', 'finding.fingerprint', 'notification.fingerprint')
        .select(['finding.id', 'notification.kind', 'notification.title', 'notification.severity', 'notification.at'])
        .where(withinScope(person.scope, 'finding'))
        .orderBy('notification.at', 'desc')
        .orderBy('finding.id')
        .limit(query.limit)
        .execute();
      return {
        items: rows.map(({ id, kind, title, severity, at }) => ({
          findingId: id,
          kind: kind as 'new' | 'regressed',
          title,
          severity: severityOf(severity),
          at: new Date(at).toISOString(),
        })),
      };
    },
  };
}

async function findOne({ control }: Services, id: string, person: Person): Promise<FindingTable> {
  const row = await findFinding(control, id.toLowerCase(), person.scope);
  if (row === undefined) throw new SentinelError('not-found', 'There is no finding with this id.');
  return row;
}

function checkChange({ state, acceptedUntil, reason }: FindingChange, nowMs: number): void {
  if (state !== 'accepted') {
    if (acceptedUntil !== undefined)
      throw new SentinelError('bad-request', 'acceptedUntil: only an accepted finding has one');
    return;
  }
  if (acceptedUntil === undefined) throw new SentinelError('bad-request', 'acceptedUntil: accepting needs a last day');
  if (reason === undefined) throw new SentinelError('bad-request', 'reason: accepting needs one');
  const until = endOfDay(acceptedUntil);
  if (until <= nowMs || until > nowMs + MOST_DAYS * DAY_MS)
    throw new SentinelError('bad-request', 'acceptedUntil: it must lie ahead, at most a year');
}

async function change(
  { control, audit, signals }: Services,
  row: FindingTable,
  { state, acceptedUntil, owner, note, reason }: FindingChange,
  person: Person,
): Promise<FindingRow> {
  const nowMs = Date.now();
  const until = acceptedUntil === undefined ? null : endOfDay(acceptedUntil);
  const after = {
    ...(state === undefined ? {} : { state, accepted_until: until, state_at: nowMs }),
    ...(owner === undefined ? {} : { owner }),
    updated_at: nowMs,
  };
  await control.transaction().execute(async (transaction) => {
    await transaction.updateTable('finding').set(after).where('fingerprint', '=', row.fingerprint).execute();
    const said = {
      ...(state === undefined ? {} : { state, before: row.state }),
      ...(acceptedUntil === undefined ? {} : { acceptedUntil }),
      ...(owner === undefined ? {} : { owner }),
      ...(note === undefined ? {} : { note }),
      ...(reason === undefined ? {} : { reason }),
    };
    const kind = state ?? (owner === undefined ? 'note' : 'owner');
    await addFindingEvent(transaction, row.fingerprint, person.userName, kind, said, nowMs);
  });
  await audit.record(person, {
    action: `finding.${state ?? 'note'}`,
    object: { kind: 'finding', id: row.id },
    before: { state: row.state, owner: row.owner },
    after: { state: state ?? row.state, owner: owner === undefined ? row.owner : owner, acceptedUntil },
    ...(reason === undefined ? {} : { reason }),
  });
  await signals.publish('finding', JSON.stringify({ kind: 'changed', id: row.id }));
  return toFindingRow({ ...row, ...after });
}

/** The last millisecond of a day, in UTC. */
function endOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00.000Z`) + DAY_MS - 1;
}
