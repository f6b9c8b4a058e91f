import { type AuditAnswer, type AuditRecord, SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { findAccesses, findOldestActivity } from '../store/access.ts';
import { findActs, listAuditPage, readAuditChain, readAuditHead } from '../store/audit-record.ts';
import { countEndpoints } from '../store/endpoint.ts';
import { windowOf } from '../store/run-list.ts';
import type { Person } from '../store/session.ts';
import { REPORTING_MS } from './endpoints.ts';
import type { Handlers } from './handler.ts';

type AuditOperation = 'listAuditRecords' | 'getAuditHead' | 'exportAuditRecords' | 'answerAudit';

/** Records sent to a verifier at a time. */
const EXPORT_CHUNK = 500;

/** What people and services did, and who accessed what. Reading it is itself an act. */
export function audit({ control, events, audit: trail }: Services): Handlers<AuditOperation> {
  return {
    async listAuditRecords({ query, person }) {
      seesAll(person);
      // The first page is the act; the pages after it belong to it.
      if (query.cursor === undefined) {
        const { limit: _limit, cursor: _cursor, ...asked } = query;
        await trail.record(person, { action: 'audit.list', object: { kind: 'audit', id: 'records' }, after: asked });
      }
      return listAuditPage(control, query);
    },
    async getAuditHead() {
      return readAuditHead(control, Date.now());
    },
    async *exportAuditRecords({ query, person, signal }) {
      seesAll(person);
      await trail.record(person, {
        action: 'audit.export',
        object: { kind: 'audit', id: 'records' },
        after: { after: query.after },
      });
      // Up to where it stood when it was asked for: what comes later would never end.
      const { number: end } = await readAuditHead(control, Date.now());
      let after = query.after;
      while (after < end && !signal.aborted) {
        const chunk = await readAuditChain(control, after, Math.min(EXPORT_CHUNK, end - after));
        if (chunk.length === 0) return;
        yield* chunk;
        after = chunk.at(-1)?.number ?? end;
      }
    },
    async answerAudit({ query, person }) {
      seesAll(person);
      const { limit, since, until, ...question } = query;
      if (Object.values(question).every((part) => part === undefined))
        throw new SentinelError('bad-request', 'query: give at least one of who, what, kind, script and endpointId');
      const nowMs = Date.now();
      const window = windowOf({ since, until }, nowMs);
      await trail.record(person, { action: 'audit.answer', object: { kind: 'audit', id: 'answer' }, after: query });
      const areActsAsked = question.kind === undefined && question.script === undefined;
      const [accesses, acts, endpoints, oldest] = await Promise.all([
        findAccesses(events, question, window, limit),
        areActsAsked && (question.who !== undefined || question.what !== undefined || question.endpointId !== undefined)
          ? findActs(control, { who: question.who, what: question.what ?? question.endpointId }, window, limit)
          : { items: [], total: 0 },
        countEndpoints(control, nowMs - REPORTING_MS),
        findOldestActivity(events),
      ]);
      const items = [...accesses.items, ...acts.items.map(toAnswer)]
        .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
        .slice(0, limit);
      return {
        items,
        total: accesses.total + acts.total,
        since: new Date(window.fromMs).toISOString(),
        until: new Date(window.toMs).toISOString(),
        coverage: {
          endpoints: endpoints.known,
          reporting: endpoints.reporting,
          ...(oldest === undefined ? {} : { oldestActivityAt: oldest }),
        },
      };
    },
  };
}

/** The audit trail is about everybody: who sees a part of the fleet only, has no business there. */
function seesAll(person: Person): void {
  if (!person.scope.isAll)
    throw new SentinelError('not-allowed', 'The audit trail is for people who may see the whole fleet.');
}

function toAnswer(act: AuditRecord): AuditAnswer {
  return {
    at: act.at,
    until: act.at,
    source: 'act',
    who: act.actor.name,
    how: act.action,
    detail: act.object.kind,
    what: act.object.id,
    recordNumber: act.number,
    count: 1,
    bytesIn: 0,
    bytesOut: 0,
    rows: 0,
  };
}
