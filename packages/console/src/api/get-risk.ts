import type { SubjectRisk } from '@sentinel/protocol';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** Risk of something, with what it is made of. */
export function riskQuery(kind: SubjectRisk['kind'], subject: string) {
  return queryOptions({
    queryKey: ['risk', kind, subject],
    queryFn: () => client.getRisk({ params: { kind, subject } }),
    refetchInterval: 60_000,
  });
}
