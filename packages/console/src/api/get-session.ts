import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** Who is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => client.getSession(),
  staleTime: 5 * 60_000,
});
