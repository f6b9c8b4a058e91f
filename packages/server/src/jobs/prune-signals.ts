import type { Job } from './job.ts';

const EVERY_MS = 60 * 60 * 1000;
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/** Forgets what the guards of endpoints told three months ago; findings that came of it stay. */
export const pruneSignalsJob: Job = {
  name: 'prune-signals',
  everyMs: EVERY_MS,
  async run({ services }) {
    await services.control
      .deleteFrom('endpoint_signal')
      .where('at', '<', Date.now() - KEPT_MS)
      .execute();
  },
};
