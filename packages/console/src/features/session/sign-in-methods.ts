import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** How one can sign in here. */
export const signInMethodsQuery = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: () => client.getSignInMethods(),
  staleTime: 60_000,
});
