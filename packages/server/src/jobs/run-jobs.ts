import { setTimeout as delay } from 'node:timers/promises';
import type { Services } from '../services.ts';
import type { Job } from './job.ts';

/** Runs the jobs until it is stopped; a round that fails is told and tried again at its next time. */
export function runJobs(jobs: readonly Job[], services: Services): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const loops = jobs.map((job) => repeat(job, services, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function repeat(job: Job, services: Services, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await job.run({ services, signal });
    } catch (error) {
      if (!signal.aborted) services.log.warn({ err: error, job: job.name }, 'a background job failed');
    }
    await delay(job.everyMs, undefined, { signal, ref: false }).catch(() => {});
  }
}
