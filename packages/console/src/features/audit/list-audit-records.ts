import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { DEFAULT_SPAN, resolveMoment } from '../../api/moment.ts';
import type { AuditSearch } from './audit-search.ts';

/** What people and services did, newest first. Asked once: each asking is itself a record. */
export function auditRecordsQuery({ actor, action, objectKind, objectId, since, until }: AuditSearch) {
  const asked = { actor, action, objectKind, objectId, since, until };
  return infiniteQueryOptions({
    queryKey: ['audit-records', asked],
    queryFn: ({ pageParam }) =>
      client.listAuditRecords({
        query: {
          limit: 50,
          ...(actor === undefined ? {} : { actor }),
          ...(action === undefined ? {} : { action }),
          ...(objectKind === undefined ? {} : { objectKind }),
          ...(objectId === undefined ? {} : { objectId }),
          since: resolveMoment(since ?? DEFAULT_SPAN),
          ...(until === undefined ? {} : { until: resolveMoment(until) }),
          ...(pageParam === undefined ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
