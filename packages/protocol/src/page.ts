import { z } from 'zod';

/** Query of every list: page size and cursor. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Rows of a page.' }),
  cursor: z.string().max(512).optional().meta({ description: 'nextCursor of the page before.' }),
});

/** A page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().optional().meta({ description: 'Absent on the last page.' }),
    total: z.int().nonnegative().meta({ description: 'Rows that match, over all pages.' }),
  });
}
