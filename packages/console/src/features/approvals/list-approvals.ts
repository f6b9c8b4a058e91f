import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import type { ApprovalSearch } from './approval-search.ts';

const PAGE_ROWS = 50;

/** Requests that match, page after page. */
export function approvalsQuery({ q, state, mine }: ApprovalSearch) {
  return infiniteQueryOptions({
    queryKey: ['approvals', { q, state, mine }],
    queryFn: ({ pageParam }) =>
      client.listApprovals({
        query: {
          ...(q === undefined ? {} : { q }),
          ...(state === undefined ? {} : { state }),
          ...(mine === undefined ? {} : { waitsForMe: mine }),
          limit: PAGE_ROWS,
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 1500,
  });
}

/** One request with its evidence. */
export function approvalQuery(approvalId: string) {
  return queryOptions({
    queryKey: ['approval', approvalId],
    queryFn: () => client.getApproval({ params: { approvalId } }),
    refetchInterval: 15_000,
  });
}
