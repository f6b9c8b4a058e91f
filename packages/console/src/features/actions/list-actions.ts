import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

const PAGE_ROWS = 50;
/** Endpoints answer within seconds; who sent an action looks on. */
const LOOK_MS = 1500;

/** What waits for the signature of an operator. */
export const actionRequestsQuery = queryOptions({
  queryKey: ['action-requests'],
  queryFn: () => client.listActionRequests({ query: { state: 'waiting' } }),
  refetchInterval: LOOK_MS,
});

/** Actions that were sent, page after page. */
export const actionsQuery = infiniteQueryOptions({
  queryKey: ['actions'],
  queryFn: ({ pageParam }) =>
    client.listActions({ query: { limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor,
  refetchInterval: LOOK_MS,
});

/** One action, endpoint by endpoint. */
export function actionQuery(actionId: string) {
  return queryOptions({
    queryKey: ['action', actionId],
    queryFn: () => client.getAction({ params: { actionId } }),
    refetchInterval: LOOK_MS,
  });
}
