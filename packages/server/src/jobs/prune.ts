import { LOCK_MEMORY_MS } from '../identity/sign-in-lock.ts';
import { pruneMarks } from '../store/batch-mark.ts';
import type { ControlStore } from '../store/control-store.ts';
import { pruneQuarantine } from '../store/quarantine.ts';
import type { Job } from './job.ts';

const EVERY_MS = 10 * 60 * 1000;

/** Forgets what has expired in the control store, every ten minutes. */
export const pruneJob: Job = {
  name: 'prune',
  everyMs: EVERY_MS,
  run: ({ services }) => prune(services.control, Date.now()),
};

/** Forgets sessions, links, tokens, marks and quarantine entries whose time is over. */
export async function prune(control: ControlStore, nowMs: number): Promise<void> {
  await control.deleteFrom('session').where('expires_at', '<=', nowMs).execute();
  await control.deleteFrom('sign_in_link').where('expires_at', '<=', nowMs).execute();
  await control.deleteFrom('sign_in_challenge').where('expires_at', '<=', nowMs).execute();
  await control
    .deleteFrom('sign_in_lock')
    .where('updated_at', '<=', nowMs - LOCK_MEMORY_MS)
    .execute();
  await control
    .deleteFrom('enrolment_token')
    .where((row) => row.or([row('expires_at', '<=', nowMs), row('uses_left', '<=', 0)]))
    .execute();
  await pruneMarks(control, nowMs);
  await pruneQuarantine(control);
}
