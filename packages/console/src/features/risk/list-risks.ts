import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** What is ranked by risk. */
export type RankedKind = 'department' | 'machine' | 'script';

/** Departments, machines or scripts by risk, the highest first. */
export function risksQuery(kind: RankedKind) {
  return queryOptions({
    queryKey: ['risk', 'list', kind],
    queryFn: () => client.listRisks({ params: { kind }, query: { limit: 200 } }),
    refetchInterval: 60_000,
  });
}
