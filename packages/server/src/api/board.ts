import type { Services } from '../services.ts';
import { countEndpoints } from '../store/endpoint.ts';
import type { Scope } from '../store/scope.ts';
import { DAY_MS } from '../store/store-time.ts';
import { withinScope } from '../store/within-scope.ts';
import { REPORTING_MS } from './endpoints.ts';
import type { Handlers } from './handler.ts';

const DAYS = 30;

/** The board's question: how many scripts process such data, and who approved them. */
export function board({ control }: Services): Handlers<'getBoardAnswer'> {
  const readRuns = async (category: string, scope: Scope, sinceMs: number | undefined) => {
    let runs = control
      .selectFrom('judged_run')
      .innerJoin('family', 'family.id', 'judged_run.family_id')
      .select(['family.id', 'family.sanction', 'judged_run.endpoint_id', 'judged_run.user_name'])
      .distinct()
      .where(withinScope(scope, 'judged_run'));
    if (category === 'customer') runs = runs.where('is_customer', '=', 1);
    else if (category === 'any') runs = runs.where('labels', '!=', '[]');
    else runs = runs.where('labels', 'like', `%${JSON.stringify(category)}%`);
    runs = sinceMs === undefined ? runs.where('is_running', '=', 1) : runs.where('started_at', '>=', sinceMs);
    return runs.execute();
  };
  return {
    async getBoardAnswer({ params: { category }, person: { scope } }) {
      const nowMs = Date.now();
      const since = new Date(nowMs - DAYS * DAY_MS).toISOString();
      const [now, days30, endpoints, waiting, places] = await Promise.all([
        readRuns(category, scope, undefined),
        readRuns(category, scope, Date.parse(since)),
        countEndpoints(control, nowMs - REPORTING_MS),
        control
          .selectFrom('run_to_judge')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('changed_at', '>', 0)
          .executeTakeFirstOrThrow(),
        control
          .selectFrom('data_place')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow(),
      ]);
      const link = (filter: string, extra = '') => `/families?label=${category}&${filter}${extra}`;
      const answer = (rows: typeof now, filter: string) => {
        const all = new Set(rows.map(({ id }) => id));
        const approved = new Set(rows.filter(({ sanction }) => sanction === 'sanctioned').map(({ id }) => id));
        return {
          scripts: { count: all.size, list: link(filter) },
          approved: { count: approved.size, list: link(filter, '&isApproved=true') },
          notApproved: { count: all.size - approved.size, list: link(filter, '&isApproved=false') },
          machines: new Set(rows.map(({ endpoint_id: id }) => id)).size,
          people: new Set(rows.map(({ user_name: name }) => name)).size,
        };
      };
      return {
        generatedAt: new Date(nowMs).toISOString(),
        now: answer(now, 'isRunning=true'),
        days30: answer(days30, `since=${encodeURIComponent(since)}`),
        approvers: await approversOf(days30.filter(({ sanction }) => sanction === 'sanctioned').map(({ id }) => id)),
        coverage: {
          endpointsKnown: endpoints.known,
          endpointsReporting: endpoints.reporting,
          runsWaiting: waiting.count,
          placesLabelled: places.count,
        },
      };
    },
  };

  async function approversOf(familyIds: readonly string[]): Promise<{ who: string; scripts: number }[]> {
    const ids = [...new Set(familyIds)];
    if (ids.length === 0) return [];
    const events = await control
      .selectFrom('family_event')
      .select(['family_id', 'who', 'change'])
      .where('family_id', 'in', ids)
      .orderBy('at')
      .execute();
    const who = new Map<string, string>();
    for (const event of events) {
      const { after } = JSON.parse(event.change) as { after?: { sanction?: string } };
      if (after?.sanction === 'sanctioned') who.set(event.family_id, event.who);
    }
    const counts = new Map<string, number>();
    for (const name of who.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts]
      .map(([name, scripts]) => ({ who: name, scripts }))
      .sort((a, b) => b.scripts - a.scripts || (a.who < b.who ? -1 : 1));
  }
}
