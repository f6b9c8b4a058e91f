import type { Job } from './job.ts';
import { pruneJob } from './prune.ts';

/** Every background job. */
export const allJobs: readonly Job[] = [pruneJob];
