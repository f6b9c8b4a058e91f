import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

const PAGE_ROWS = 100;

/** Scripts and notebooks that were found on a computer, page after page, the highest risk first. */
export function inventoryScriptsQuery(inventoryId: string, q: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['inventory-scripts', inventoryId, q ?? ''],
    queryFn: ({ pageParam }) =>
      client.listInventoryScripts({
        params: { inventoryId },
        query: { ...(q === undefined ? {} : { q }), limit: PAGE_ROWS, offset: pageParam },
      }),
    initialPageParam: 0,
    getNextPageParam: (page, _pages, offset) => {
      const next = offset + page.items.length;
      return page.items.length > 0 && next < page.total ? next : undefined;
    },
  });
}
