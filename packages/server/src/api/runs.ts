import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import type { EventStore } from '../store/event-store.ts';
import { findRuns, type RunRecord, toStoredRun } from '../store/run.ts';
import { listActivitiesOf, listChildren } from '../store/run-activities.ts';
import { listRunPage, withTotals } from '../store/run-list.ts';
import type { Handlers } from './handler.ts';

/** Executions of scripts and what was observed in them. */
export function runs({ events, hub }: Services): Handlers<'listRuns' | 'getRun' | 'listRunActivities' | 'streamRuns'> {
  return {
    listRuns: ({ query }) => listRunPage(events, query, Date.now()),
    async getRun({ params }) {
      const run = await findOne(events, params.runId);
      const [[row], children] = await Promise.all([withTotals(events, [run]), listChildren(events, run)]);
      if (row === undefined) throw new SentinelError('not-found', 'There is no run with this id.');
      return { ...row, children: children.map(toStoredRun) };
    },
    async listRunActivities({ params, query }) {
      return listActivitiesOf(events, await findOne(events, params.runId), query);
    },
    streamRuns: ({ query, signal }) => hub.view(query, signal),
  };
}

async function findOne(events: EventStore, runId: string): Promise<RunRecord> {
  // Two endpoints can claim the same id only by forgery: the later start loses.
  const run = (await findRuns(events, [runId.toLowerCase()])).at(-1);
  if (run === undefined) throw new SentinelError('not-found', 'There is no run with this id.');
  return run;
}
