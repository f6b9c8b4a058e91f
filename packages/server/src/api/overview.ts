import { remembered } from '../remembered.ts';
import type { Services } from '../services.ts';
import { countEndpoints } from '../store/endpoint.ts';
import { countRuns, countScripts, listRunsByHour, rankDatabases, rankHosts, rankLibraries } from '../store/fleet.ts';
import { EVERYTHING, type Scope } from '../store/scope.ts';
import { endpointsWithin, REPORTING_MS } from './endpoints.ts';
import type { Handlers } from './handler.ts';

/** The whole at a glance. */
export function overview({ control, events, demo }: Services): Handlers<'getOverview'> {
  const rank = async (scope: Scope) => {
    const nowMs = Date.now();
    const [hosts, databases, libraries] = await Promise.all([
      rankHosts(events, scope, nowMs),
      rankDatabases(events, scope, nowMs),
      rankLibraries(events, scope, nowMs),
    ]);
    return { hosts, databases, libraries };
  };
  const rankAll = remembered(() => rank(EVERYTHING));
  return {
    async getOverview({ person: { scope } }) {
      const nowMs = Date.now();
      const [endpoints, runs, scripts, runsByHour, rankings] = await Promise.all([
        countEndpoints(control, nowMs - REPORTING_MS, await endpointsWithin(events, scope, nowMs)),
        countRuns(events, scope, nowMs),
        countScripts(events, scope, nowMs),
        listRunsByHour(events, scope, nowMs),
        scope.isAll ? rankAll() : rank(scope),
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
