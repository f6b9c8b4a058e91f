import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** API tokens of services and people. */
export const tokensQuery = queryOptions({ queryKey: ['tokens'], queryFn: () => client.listTokens() });
