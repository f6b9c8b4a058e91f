import type { RetentionClass } from '@sentinel/protocol';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

const PAGE_ROWS = 50;

/** How long each class is kept. */
export const retentionQuery = queryOptions({ queryKey: ['retention'], queryFn: () => client.getRetention() });

/** Legal holds, those in force first. */
export const holdsQuery = queryOptions({ queryKey: ['legal-holds'], queryFn: () => client.listLegalHolds() });

/** Proofs of what was disposed of, newest first. */
export const disposalsQuery = infiniteQueryOptions({
  queryKey: ['disposals'],
  queryFn: ({ pageParam }) =>
    client.listDisposals({ query: { limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { cursor: pageParam }) } }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor,
});

/** What a disposal would remove now. */
export function previewQuery(name: RetentionClass, keepDays: number | undefined) {
  return queryOptions({
    queryKey: ['retention-preview', name, keepDays],
    queryFn: () =>
      client.previewDisposal({ params: { class: name }, query: keepDays === undefined ? {} : { keepDays } }),
  });
}
