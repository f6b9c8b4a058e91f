import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

const MOST_GROUPS = 500;

/** Interpreters or environments over all computers, the most frequent first. */
export function inventoryGroupsQuery(kind: 'interpreters' | 'environments', q: string | undefined) {
  return queryOptions({
    queryKey: ['inventory-groups', kind, q ?? ''],
    queryFn: () => {
      const query = { limit: MOST_GROUPS, ...(q === undefined ? {} : { q }) };
      return kind === 'interpreters'
        ? client.listInventoryInterpreters({ query })
        : client.listInventoryEnvironments({ query });
    },
    refetchInterval: 60_000,
  });
}
