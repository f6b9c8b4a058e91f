import { RunQuery } from '@sentinel/protocol';
import { z } from 'zod';
import { Moment } from './moment.ts';
import { tolerant } from './tolerant.ts';

/** Filters of the list of runs as its link holds them: those of the API, with spans for times. */
const RunFilters = RunQuery.extend({ since: Moment.optional(), until: Moment.optional() });
export type RunSearch = z.infer<typeof RunFilters>;

/** Reads a link: what does not fit is left out, what is not known is ignored. */
export const RunSearch: z.ZodType<RunSearch> = tolerant(RunFilters);
