import { FamilyQuery } from '@sentinel/protocol';
import { z } from 'zod';
import { Moment } from '../../api/moment.ts';
import { tolerant } from '../../api/tolerant.ts';

/** Filters of the list of script families as its link holds them. */
const FamilyFilters = FamilyQuery.extend({ since: Moment.optional() });
export type FamilySearch = z.infer<typeof FamilyFilters>;

/** Reads a link: what does not fit is left out, what is not known is ignored. */
export const FamilySearch: z.ZodType<FamilySearch> = tolerant(FamilyFilters);
