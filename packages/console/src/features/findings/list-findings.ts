import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { resolveMoment } from '../../api/moment.ts';
import type { FindingSearch } from './finding-search.ts';

const PAGE_ROWS = 50;

/** Findings that match, page after page. */
export function findingsQuery(search: FindingSearch) {
  return infiniteQueryOptions({
    queryKey: ['findings', search],
    queryFn: ({ pageParam }) =>
      client.listFindings({
        query: { ...serverQuery(search), limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 15_000,
  });
}

/** A link's filters as the server takes them. */
export function serverQuery({ since, ...rest }: FindingSearch) {
  return { ...rest, ...(since === undefined ? {} : { since: resolveMoment(since) }) };
}
