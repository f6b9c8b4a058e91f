import type { Endpoint } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { listAllEndpoints } from '../store/endpoint.ts';
import { listEndpointInterpreters, listEndpointRuns } from '../store/fleet.ts';
import type { Handlers } from './handler.ts';

/** An endpoint that said nothing for so long is not reporting. */
export const REPORTING_MS = 3 * 60 * 1000;

/** Managed computers and what ran on them. */
export function endpoints({ control, events }: Services): Handlers<'listEndpoints'> {
  return {
    async listEndpoints({ query }) {
      const nowMs = Date.now();
      const [all, runs, interpreters] = await Promise.all([
        listAllEndpoints(control),
        listEndpointRuns(events, nowMs),
        listEndpointInterpreters(events, nowMs),
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
  };
}

function matches({ hostName }: Endpoint, q: string | undefined): boolean {
  return q === undefined || hostName.toLowerCase().includes(q.toLowerCase());
}

function isReporting({ lastSeenAt }: Endpoint, nowMs: number): boolean {
  return lastSeenAt !== undefined && nowMs - Date.parse(lastSeenAt) <= REPORTING_MS;
}
