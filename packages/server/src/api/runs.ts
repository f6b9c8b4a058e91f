import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import type { EventStore } from '../store/event-store.ts';
import { findRuns, type RunRecord, toStoredRun } from '../store/run.ts';
import { listActivitiesOf, listChildren } from '../store/run-activities.ts';
import { listRunPage, withTotals } from '../store/run-list.ts';
import type { Scope } from '../store/scope.ts';
import type { Handlers } from './handler.ts';

/** Executions of scripts and what was observed in them. */
export function runs({ events, hub }: Services): Handlers<'listRuns' | 'getRun' | 'listRunActivities' | 'streamRuns'> {
  return {
    listRuns: ({ query, person }) => listRunPage(events, query, person.scope, Date.now()),
    async getRun({ params, person }) {
      const run = await findOne(events, params.runId, person.scope);
      const [[row], children] = await Promise.all([withTotals(events, [run]), listChildren(events, run, person.scope)]);
      if (row === undefined) throw new SentinelError('not-found', 'There is no run with this id.');
      return { ...row, children: children.map(toStoredRun) };
    },
    async listRunActivities({ params, query, person }) {
      return listActivitiesOf(events, await findOne(events, params.runId, person.scope), query);
    },
    streamRuns: ({ query, signal, person }) => hub.view({ ...query, scope: person.scope }, signal),
  };
}

async function findOne(events: EventStore, runId: string, scope: Scope): Promise<RunRecord> {
  // Two endpoints can claim the same id only by forgery: the later start loses.
  const run = (await findRuns(events, [runId.toLowerCase()], scope)).at(-1);
  if (run === undefined) throw new SentinelError('not-found', 'There is no run with this id.');
  return run;
}
