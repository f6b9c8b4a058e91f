import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import type { LibrarySearch } from './library-search.ts';

const PAGE_ROWS = 50;

/** Libraries that match, page after page. */
export function librariesQuery({ view: _view, ...query }: LibrarySearch) {
  return infiniteQueryOptions({
    queryKey: ['libraries', query],
    queryFn: ({ pageParam }) =>
      client.listLibraries({
        query: { ...query, limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 60_000,
  });
}
