import { setTimeout as delay } from 'node:timers/promises';
import type { Services } from '../services.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import type { Job } from './job.ts';
import { keepJob, LEASE_MS, returnJob, takeJob } from './job-lease.ts';

/** How often a server looks whether a job that another one had is due. */
const LOOK_MS = 5_000;

/**
 * Runs the jobs until it is stopped, each by one server at a time; a round that fails is told and
 * tried again at its next time.
 */
export function runJobs(jobs: readonly Job[], services: Services): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const holder = newUuidV7();
  const loops = jobs.map((job) => repeat(job, services, holder, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function repeat(job: Job, services: Services, holder: string, signal: AbortSignal): Promise<void> {
  const { control, log } = services;
  while (!signal.aborted) {
    let hasRun = false;
    try {
      hasRun = await takeJob(control, job.name, holder);
      if (hasRun) await runHeld(job, services, holder, signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, job: job.name }, 'a background job failed');
    }
    if (hasRun) {
      // At the end of this server the next start finds it due at once.
      const afterMs = signal.aborted ? 0 : job.everyMs;
      await returnJob(control, job.name, holder, afterMs).catch(() => {});
    }
    const waitMs = hasRun ? job.everyMs : Math.min(job.everyMs, LOOK_MS);
    await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** One round, ended early when another server took the job because this one could not say that it lives. */
async function runHeld(job: Job, services: Services, holder: string, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  let lastKeptMs = performance.now();
  const keeping = setInterval(() => {
    keepJob(services.control, job.name, holder).then(
      (isKept) => {
        if (isKept) lastKeptMs = performance.now();
        else lost.abort(new Error(`another server runs the job "${job.name}"`));
      },
      () => {
        if (performance.now() - lastKeptMs > LEASE_MS) lost.abort(new Error('the control store does not answer'));
      },
    );
  }, LEASE_MS / 3);
  try {
    await job.run({ services, signal: AbortSignal.any([signal, lost.signal]) });
  } finally {
    clearInterval(keeping);
  }
}
