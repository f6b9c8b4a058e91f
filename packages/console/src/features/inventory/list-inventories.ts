import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** The newest inventory of every computer, or of those with the text in their name. */
export function inventoriesQuery(q: string | undefined) {
  return queryOptions({
    queryKey: ['inventories', q ?? ''],
    queryFn: () => client.listInventories({ query: q === undefined ? {} : { q } }),
    refetchInterval: 60_000,
  });
}
