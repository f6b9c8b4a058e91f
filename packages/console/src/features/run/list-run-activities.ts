import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

const PAGE_ROWS = 2000;

/** Activities of a run in the order of first sight, asked again while it goes on. */
export function runActivitiesQuery(runId: string, isRunning: boolean) {
  return infiniteQueryOptions({
    queryKey: ['run-activities', runId],
    queryFn: ({ pageParam }) =>
      client.listRunActivities({ params: { runId }, query: { limit: PAGE_ROWS, after: pageParam } }),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.items.length === PAGE_ROWS ? page.items.at(-1)?.id : undefined),
    refetchInterval: isRunning ? 2000 : false,
  });
}
