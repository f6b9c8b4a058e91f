import { FindingQuery } from '@sentinel/protocol';
import { z } from 'zod';
import { Moment } from '../../api/moment.ts';
import { tolerant } from '../../api/tolerant.ts';

/** Filters of the list of findings as its link holds them. */
const FindingFilters = FindingQuery.omit({ until: true }).extend({
  state: FindingQuery.shape.state.removeDefault().optional(),
  since: Moment.optional(),
});
export type FindingSearch = z.infer<typeof FindingFilters>;

/** Reads a link: what does not fit is left out, what is not known is ignored. */
export const FindingSearch: z.ZodType<FindingSearch> = tolerant(FindingFilters);
