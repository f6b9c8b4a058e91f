import { judgeEndpoint } from '@sentinel/detector';
import type { EndpointFacts } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { type FindingNews, recordFindings } from '../store/finding.ts';

const STEP = 200;
/** A signal older than that was judged, or its finding was withdrawn on purpose. */
const LOOK_BACK_MS = 24 * 60 * 60 * 1000;

/** Makes findings of what the guards of endpoints told since the last time; gives how many signals were new. */
export async function judgeEndpoints(
  { control, signals }: Pick<Services, 'control' | 'signals'>,
  nowMs: number,
): Promise<number> {
  const fresh = await control
    .selectFrom('endpoint_signal')
    .innerJoin('endpoint', 'endpoint.id', 'endpoint_signal.endpoint_id')
    .leftJoin('finding_run', 'finding_run.run_id', 'endpoint_signal.id')
    .where('finding_run.run_id', 'is', null)
    .where('endpoint_signal.at', '>', nowMs - LOOK_BACK_MS)
    .selectAll('endpoint_signal')
    .select(['endpoint.facts', 'endpoint.department'])
    .orderBy('endpoint_signal.at')
    .limit(STEP)
    .execute();
  const news: FindingNews[] = [];
  for (const row of fresh) {
    const { hostName } = JSON.parse(row.facts) as EndpointFacts;
    const finding = judgeEndpoint({
      id: row.id,
      endpointId: row.endpoint_id,
      hostName,
      kind: row.kind,
      count: row.count,
      detail: row.detail,
      at: new Date(row.at).toISOString(),
    });
    // The signal stands where a run stands: it is about the computer, not about a script.
    const subject = {
      runId: row.id,
      endpointId: row.endpoint_id,
      familyId: '',
      scriptId: '',
      scriptName: '',
      userName: '',
      hostName,
      departmentId: row.department,
    };
    news.push(...(await control.transaction().execute((store) => recordFindings(store, [finding], subject, nowMs))));
  }
  for (const one of news) await signals.publish('finding', JSON.stringify(one));
  return fresh.length;
}
