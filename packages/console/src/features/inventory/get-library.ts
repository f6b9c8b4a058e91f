import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** One library with the computers that have it and the scripts that import it. */
export function libraryQuery(distribution: string) {
  return queryOptions({
    queryKey: ['library', distribution],
    queryFn: () => client.getLibrary({ params: { distribution } }),
    refetchInterval: 60_000,
  });
}
