import { LibraryQuery } from '@sentinel/protocol';
import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What of the inventory is shown; libraries where absent. */
const InventoryView = z.enum(['interpreters', 'environments', 'computers']);
export type InventoryView = z.infer<typeof InventoryView>;

/** Filters, order and view of the inventory as its link holds them. */
const LibraryFilters = LibraryQuery.extend({
  sort: LibraryQuery.shape.sort.removeDefault().optional(),
  view: InventoryView.optional(),
});
export type LibrarySearch = z.infer<typeof LibraryFilters>;

/** Reads a link: what does not fit is left out, what is not known is ignored. */
export const LibrarySearch: z.ZodType<LibrarySearch> = tolerant(LibraryFilters);
