import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { resolveMoment } from '../../api/moment.ts';
import type { FamilySearch } from './family-search.ts';

const PAGE_ROWS = 50;

/** Families that match, page after page. */
export function familiesQuery({ since, ...rest }: FamilySearch) {
  return infiniteQueryOptions({
    queryKey: ['families', { since, ...rest }],
    queryFn: ({ pageParam }) =>
      client.listFamilies({
        query: {
          ...rest,
          ...(since === undefined ? {} : { since: resolveMoment(since) }),
          limit: PAGE_ROWS,
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 15_000,
  });
}

/** One family with its versions, copies and history. */
export function familyQuery(familyId: string) {
  return queryOptions({
    queryKey: ['family', familyId],
    queryFn: () => client.getFamily({ params: { familyId } }),
    refetchInterval: 30_000,
  });
}
