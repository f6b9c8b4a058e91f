import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** All that hangs on one person; asked for when something changed, because every look is kept in the audit log. */
export function leaverQuery(personId: string) {
  return queryOptions({
    queryKey: ['leaver', personId],
    queryFn: () => client.getLeaver({ params: { personId } }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}
