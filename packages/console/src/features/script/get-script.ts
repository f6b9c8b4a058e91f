import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** One script with all it touched. */
export function scriptQuery(scriptId: string) {
  return queryOptions({
    queryKey: ['script', scriptId],
    queryFn: () => client.getScript({ params: { scriptId } }),
    refetchInterval: 10_000,
  });
}
