import { type Endpoint, SentinelError } from '@sentinel/protocol';
import { remembered } from '../remembered.ts';
import type { Services } from '../services.ts';
import { type EndpointIds, listAllEndpoints, setEndpointDepartment } from '../store/endpoint.ts';
import type { EventStore } from '../store/event-store.ts';
import { listEndpointIdsWithin, listEndpointInterpreters, listEndpointRuns } from '../store/fleet.ts';
import { EVERYTHING, type Scope } from '../store/scope.ts';
import type { Handlers } from './handler.ts';

/** An endpoint that said nothing for so long is not reporting. */
export const REPORTING_MS = 3 * 60 * 1000;

/** Managed computers and what ran on them. */
export function endpoints({ control, events, audit }: Services): Handlers<'listEndpoints' | 'setEndpointDepartment'> {
  // Which interpreters there are changes seldom, and to count their runs is half of the work.
  const allInterpreters = remembered(() => listEndpointInterpreters(events, EVERYTHING, Date.now()));
  return {
    async listEndpoints({ query, person: { scope } }) {
      const nowMs = Date.now();
      const [all, runs, interpreters] = await Promise.all([
        listAllEndpoints(control, await endpointsWithin(events, scope, nowMs)),
        listEndpointRuns(events, scope, nowMs),
        scope.isAll ? allInterpreters() : listEndpointInterpreters(events, scope, nowMs),
      ]);
      const runsOf = new Map(runs.map((row) => [row.endpointId, row]));
      const interpretersOf = Map.groupBy(interpreters, ({ endpointId }) => endpointId);
      const items = all
        .filter((endpoint) => matches(endpoint, query.q))
        .map((endpoint) => ({
          ...endpoint,
          reporting: isReporting(endpoint, nowMs),
          runs24h: runsOf.get(endpoint.id)?.runs24h ?? 0,
          running: runsOf.get(endpoint.id)?.running ?? 0,
          scripts: runsOf.get(endpoint.id)?.scripts ?? 0,
          interpreters: (interpretersOf.get(endpoint.id) ?? []).map(({ path, version, runs }) => ({
            path,
            version,
            runs,
          })),
        }));
      return { items, total: items.length };
    },
    async setEndpointDepartment({ params: { endpointId }, body, person }) {
      const department = body.department ?? null;
      const changed = await setEndpointDepartment(control, endpointId, department);
      if (changed === undefined) throw new SentinelError('not-found', 'There is no machine with this id.');
      await audit.record(person, {
        action: 'endpoint.set-department',
        object: { kind: 'endpoint', id: endpointId },
        before: { department: changed.before },
        after: { department },
      });
      return body;
    },
  };
}

/** Endpoints of a scope: those of its departments, and those where its people's own runs were seen. */
export async function endpointsWithin(events: EventStore, scope: Scope, nowMs: number): Promise<EndpointIds> {
  if (scope.isAll) return 'all';
  if (scope.osUsers.length === 0) return scope.endpointIds;
  return [...new Set([...scope.endpointIds, ...(await listEndpointIdsWithin(events, scope, nowMs))])];
}

function matches({ hostName }: Endpoint, q: string | undefined): boolean {
  return q === undefined || hostName.toLowerCase().includes(q.toLowerCase());
}

function isReporting({ lastSeenAt }: Endpoint, nowMs: number): boolean {
  return lastSeenAt !== undefined && nowMs - Date.parse(lastSeenAt) <= REPORTING_MS;
}
