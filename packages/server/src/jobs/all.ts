import { approvalQueueJob } from './approval-queue.ts';
import { disposeJob } from './dispose.ts';
import type { Job } from './job.ts';
import { judgeEndpointsJob } from './judge-endpoints.ts';
import { judgeRunsJob } from './judge-runs.ts';
import { leaversJob } from './leavers.ts';
import { policyRolloutsJob } from './policy-rollouts.ts';
import { pruneJob } from './prune.ts';
import { pruneSignalsJob } from './prune-signals.ts';
import { riskDaysJob } from './risk-days.ts';
import { rollupsJob } from './rollups.ts';
import { vaultRecipesJob } from './vault-recipes.ts';
import { waiverEndsJob } from './waiver-ends.ts';

/** Every background job. */
export const allJobs: readonly Job[] = [
  approvalQueueJob,
  disposeJob,
  judgeEndpointsJob,
  judgeRunsJob,
  leaversJob,
  pruneJob,
  pruneSignalsJob,
  riskDaysJob,
  rollupsJob,
  vaultRecipesJob,
  policyRolloutsJob,
  waiverEndsJob,
];
