import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { resolveMoment } from '../../api/moment.ts';
import type { DataSearch } from './data-search.ts';

const PAGE_ROWS = 50;
const MOST_FLOWS = 300;

/** Ways that data took, most rows and bytes first. */
export function flowsQuery(search: DataSearch) {
  return queryOptions({
    queryKey: ['data-flows', search],
    queryFn: () => client.listDataFlows({ query: { ...filtersOf(search), limit: MOST_FLOWS } }),
    refetchInterval: 15_000,
  });
}

/** Who touched data, run by run. */
export function touchesQuery(search: DataSearch) {
  const { name, direction } = search;
  return infiniteQueryOptions({
    queryKey: ['data-touches', search],
    queryFn: ({ pageParam }) =>
      client.listDataTouches({
        query: {
          ...filtersOf(search),
          ...(name === undefined ? {} : { name }),
          ...(direction === undefined ? {} : { direction }),
          limit: PAGE_ROWS,
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** Copies of labelled data that scripts made. */
export function filesQuery({ label, familyId }: DataSearch) {
  return infiniteQueryOptions({
    queryKey: ['data-files', label, familyId],
    queryFn: ({ pageParam }) =>
      client.listLabelledFiles({
        query: {
          ...(label === undefined ? {} : { label }),
          ...(familyId === undefined ? {} : { familyId }),
          limit: PAGE_ROWS,
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** What the company says lies where. */
export const placesQuery = queryOptions({
  queryKey: ['data-places'],
  queryFn: () => client.listDataPlaces(),
});

function filtersOf({ q, label, familyId, since }: DataSearch) {
  return {
    ...(q === undefined ? {} : { q }),
    ...(label === undefined ? {} : { label }),
    ...(familyId === undefined ? {} : { familyId }),
    ...(since === undefined ? {} : { since: resolveMoment(since) }),
  };
}
