import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** One version with its source; asked for once, because every look is kept in the audit log. */
export function vaultEntryQuery(sha256: string) {
  return queryOptions({
    queryKey: ['vault-entry', sha256],
    queryFn: () => client.getVaultEntry({ params: { sha256 } }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
