import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import type { PolicySearch } from './policy-search.ts';

const PAGE_ROWS = 100;

/** Policies that match, page after page. */
export function policiesQuery(search: PolicySearch) {
  return infiniteQueryOptions({
    queryKey: ['policies', search],
    queryFn: ({ pageParam }) =>
      client.listPolicies({
        query: { ...search, limit: PAGE_ROWS, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 15_000,
  });
}

/** One policy with its versions. */
export function policyQuery(policyId: string) {
  return queryOptions({
    queryKey: ['policy', policyId],
    queryFn: () => client.getPolicy({ params: { policyId } }),
    refetchInterval: 10_000,
  });
}

/** One version with its source. */
export function policyVersionQuery(policyId: string, version: number) {
  return queryOptions({
    queryKey: ['policy', policyId, version],
    queryFn: () => client.getPolicyVersion({ params: { policyId, version } }),
  });
}

/** What a version changes against the one in force. */
export function policyDiffQuery(policyId: string, version: number) {
  return queryOptions({
    queryKey: ['policy', policyId, version, 'diff'],
    queryFn: () => client.comparePolicyVersions({ params: { policyId, version } }),
  });
}

/** Waivers of one policy. */
export function waiversQuery(policyId: string) {
  return queryOptions({
    queryKey: ['waivers', policyId],
    queryFn: () => client.listWaivers({ query: { policyId, limit: 200 } }),
    refetchInterval: 15_000,
  });
}
