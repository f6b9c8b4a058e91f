import { judgeDueRuns } from '../findings/judge-runs.ts';
import { endAcceptances } from '../store/finding.ts';
import type { Job } from './job.ts';

/** Runs with news are judged soon after it came; acceptances whose date is over end. */
export const judgeRunsJob: Job = {
  name: 'judge-runs',
  everyMs: 1000,
  async run({ services, signal }) {
    await judgeDueRuns(services, signal);
    await endAcceptances(services.control, Date.now());
  },
};
