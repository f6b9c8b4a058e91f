import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** One run, asked again every two seconds while it goes on. */
export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ['run', runId],
    queryFn: () => client.getRun({ params: { runId } }),
    refetchInterval: (query) => (query.state.data?.status === 'running' ? 2000 : false),
  });
}
