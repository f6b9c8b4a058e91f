import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** Accounts of people and services, all or those with the text in their name. */
export function peopleQuery(q: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['people', q ?? ''],
    queryFn: ({ pageParam }) =>
      client.listPeople({
        query: {
          limit: 50,
          ...(q === undefined ? {} : { q }),
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}
