import { z } from 'zod';
import { Moment } from '../../api/moment.ts';
import { tolerant } from '../../api/tolerant.ts';

const DataFilters = z.object({
  q: z.string().max(200).optional(),
  label: z.string().max(60).optional(),
  familyId: z.string().max(100).optional(),
  name: z.string().max(500).optional(),
  direction: z.enum(['read', 'written', 'sent']).optional(),
  view: z.enum(['flows', 'touches', 'files', 'places']).optional(),
  since: Moment.optional(),
});
export type DataSearch = z.infer<typeof DataFilters>;

/** Reads a link: what does not fit is left out, what is not known is ignored. */
export const DataSearch: z.ZodType<DataSearch> = tolerant(DataFilters);
