import type { Services } from '../services.ts';
import { countEndpoints } from '../store/endpoint.ts';
import { countRuns, countScripts, listRunsByHour, rankDatabases, rankHosts, rankLibraries } from '../store/fleet.ts';
import { REPORTING_MS } from './endpoints.ts';
import type { Handlers } from './handler.ts';

/** The whole at a glance. */
export function overview({ control, events, demo }: Services): Handlers<'getOverview'> {
  return {
    async getOverview() {
      const nowMs = Date.now();
      const [endpoints, runs, scripts, runsByHour, hosts, databases, libraries] = await Promise.all([
        countEndpoints(control, nowMs - REPORTING_MS),
        countRuns(events, nowMs),
        countScripts(events, nowMs),
        listRunsByHour(events, nowMs),
        rankHosts(events, nowMs),
        rankDatabases(events, nowMs),
        rankLibraries(events, nowMs),
      ]);
      return {
        generatedAt: new Date(nowMs).toISOString(),
        endpoints,
        ...runs,
        ...scripts,
        runsByHour,
        hosts,
        databases,
        libraries,
        demo: { available: demo.available, running: demo.running },
      };
    },
  };
}
