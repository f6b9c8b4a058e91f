import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** Everybody who left, with what is still open. */
export const leaversQuery = queryOptions({
  queryKey: ['leavers'],
  queryFn: () => client.listLeavers(),
  refetchInterval: 30_000,
});
