import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** The whole at a glance, asked again every few seconds while somebody looks. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: () => client.getOverview(),
  refetchInterval: (query) => (query.state.data?.demo.running === true ? 2000 : 5000),
});
