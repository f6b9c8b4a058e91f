import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { resolveMoment } from './moment.ts';
import type { ScriptSearch } from './script-search.ts';

const PAGE_ROWS = 50;

/** Scripts that match, page after page. */
export function scriptsQuery({ since, newSince, ...rest }: ScriptSearch) {
  return infiniteQueryOptions({
    queryKey: ['scripts', { since, newSince, ...rest }],
    queryFn: ({ pageParam }) =>
      client.listScripts({
        query: {
          ...rest,
          ...(since === undefined ? {} : { since: resolveMoment(since) }),
          ...(newSince === undefined ? {} : { newSince: resolveMoment(newSince) }),
          limit: PAGE_ROWS,
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 15_000,
  });
}
