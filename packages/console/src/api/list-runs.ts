import type { RunQuery } from '@sentinel/protocol';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import { resolveMoment } from './moment.ts';
import type { RunSearch } from './run-search.ts';

const PAGE_ROWS = 50;

/** Runs that match, newest first, page after page. */
export function runsQuery(search: RunSearch) {
  return infiniteQueryOptions({
    queryKey: ['runs', search],
    queryFn: ({ pageParam }) =>
      client.listRuns({
        query: { ...toQuery(search), limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The first few runs that match. */
export function recentRunsQuery(search: RunSearch, limit: number) {
  return queryOptions({
    queryKey: ['recent-runs', search, limit],
    queryFn: () => client.listRuns({ query: { ...toQuery(search), limit } }),
  });
}

function toQuery({ since, until, ...rest }: RunSearch): RunQuery {
  return {
    ...rest,
    ...(since === undefined ? {} : { since: resolveMoment(since) }),
    ...(until === undefined ? {} : { until: resolveMoment(until) }),
  };
}
