import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** Managed computers, all or those with the text in their name. */
export function endpointsQuery(q?: string) {
  return queryOptions({
    queryKey: ['endpoints', q ?? ''],
    queryFn: () => client.listEndpoints({ query: q === undefined ? {} : { q } }),
    refetchInterval: 10_000,
  });
}
