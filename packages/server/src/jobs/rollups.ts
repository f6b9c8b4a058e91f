import { followRuns, makeRollups } from '../store/make-rollups.ts';
import { dayOf } from '../store/rollup.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { Job } from './job.ts';

let hasMended = false;

/** Adds up days that are over, so that lists over months need not. */
export const rollupsJob: Job = {
  name: 'rollups',
  everyMs: 60_000,
  async run({ services: { events }, signal }) {
    const nowMs = Date.now();
    await makeRollups(events, nowMs, signal);
    if (hasMended) return;
    // Days that are not over were not looked at.
    await followRuns(
      events,
      [-1, 0, 1, 2].map((days) => dayOf(nowMs + days * DAY_MS)),
    );
    hasMended = true;
  },
};
