import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import type { VaultSearch } from './vault-search.ts';

/** Versions in the vault, newest first, page after page. */
export function vaultQuery(search: VaultSearch) {
  return infiniteQueryOptions({
    queryKey: ['vault', search],
    queryFn: ({ pageParam }) =>
      client.listVault({ query: { ...search, limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}
