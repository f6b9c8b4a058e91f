import { judgeEndpoints } from '../findings/judge-endpoints.ts';
import type { Job } from './job.ts';

/** What speaks against an endpoint is a finding within seconds. */
export const judgeEndpointsJob: Job = {
  name: 'judge-endpoints',
  everyMs: 5000,
  async run({ services, signal }) {
    while (!signal.aborted && (await judgeEndpoints(services, Date.now())) > 0);
  },
};
