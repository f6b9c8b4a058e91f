import { SYSTEM } from '../audit/audit-trail.ts';
import { measureHealth } from '../policy/measure-health.ts';
import { move, tell } from '../policy/move-version.ts';
import { stepBack } from '../policy/next-step.ts';
import type { Services } from '../services.ts';
import { changeVersion, listLiveVersions } from '../store/policy-version.ts';
import type { Job } from './job.ts';

/** Looks after versions in shadow and rollout, and takes one that is not healthy back by a ring. */
export const policyRolloutsJob: Job = {
  name: 'policy-rollouts',
  everyMs: 60_000,
  run: ({ services, signal }) => watchRollouts(services, Date.now(), signal),
};

/** One look at every version on its way. */
export async function watchRollouts(
  services: Pick<Services, 'control' | 'events' | 'audit' | 'signals'>,
  nowMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const live = await listLiveVersions(services.control);
  for (const row of live.filter(({ stage }) => stage === 'shadow' || stage === 'rollout')) {
    if (signal?.aborted === true) return;
    const health = await measureHealth(services, row, nowMs);
    if (row.stage === 'rollout' && !health.isHealthy) {
      const moved = await move(services, row, stepBack(row.percent), nowMs);
      // What made it step back stays to be read.
      await changeVersion(services.control, moved, { health: JSON.stringify(health) });
      await tell(services, SYSTEM, 'policy.step-back', row, moved, health.breaches.join(' '), {
        hits: health.hits,
        hitsExpected: health.hitsExpected,
        objections: health.objections,
        agentErrors: health.agentErrors,
      });
    } else await changeVersion(services.control, row, { health: JSON.stringify(health) });
  }
}
