import { ScriptQuery } from '@sentinel/protocol';
import { z } from 'zod';
import { Moment } from './moment.ts';
import { tolerant } from './tolerant.ts';

/** Filters and order of the list of scripts as its link holds them. */
const ScriptFilters = ScriptQuery.extend({
  since: Moment.optional(),
  newSince: Moment.optional(),
  sort: ScriptQuery.shape.sort.removeDefault().optional(),
});
export type ScriptSearch = z.infer<typeof ScriptFilters>;

/** Reads a link: what does not fit is left out, what is not known is ignored. */
export const ScriptSearch: z.ZodType<ScriptSearch> = tolerant(ScriptFilters);
