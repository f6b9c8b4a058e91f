import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** One finding with its evidence, runs and history. */
export function findingQuery(findingId: string) {
  return queryOptions({
    queryKey: ['finding', findingId],
    queryFn: () => client.getFinding({ params: { findingId } }),
    refetchInterval: 30_000,
  });
}
