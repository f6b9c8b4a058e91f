import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';

/** How the signed-in account signs in, and where it is signed in. */
export const accountQuery = queryOptions({ queryKey: ['account'], queryFn: () => client.getAccount() });
