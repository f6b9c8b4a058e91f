import { remembered } from '../remembered.ts';
import type { Services } from '../services.ts';
import { countEndpoints } from '../store/endpoint.ts';
import { countRuns, countScripts, listRunsByHour, rankDatabases, rankHosts, rankLibraries } from '../store/fleet.ts';
import { REPORTING_MS } from './endpoints.ts';
import type { Handlers } from './handler.ts';

/** The whole at a glance. */
export function overview({ control, events, demo }: Services): Handlers<'getOverview'> {
  const rank = remembered(async () => {
    const nowMs = Date.now();
    const [hosts, databases, libraries] = await Promise.all([
      rankHosts(events, nowMs),
      rankDatabases(events, nowMs),
      rankLibraries(events, nowMs),
    ]);
    return { hosts, databases, libraries };
  });
  return {
    async getOverview() {
      const nowMs = Date.now();
      const [endpoints, runs, scripts, runsByHour, rankings] = await Promise.all([
        countEndpoints(control, nowMs - REPORTING_MS),
        countRuns(events, nowMs),
        countScripts(events, nowMs),
        listRunsByHour(events, nowMs),
        rank(),
      ]);
      return {
        generatedAt: new Date(nowMs).toISOString(),
        endpoints,
        ...runs,
        ...scripts,
        runsByHour,
        ...rankings,
        demo: { available: demo.available, running: demo.running },
      };
    },
  };
}
