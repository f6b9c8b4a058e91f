import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isPassing, isSignedOut } from '../api/problem.ts';

const TRIES = 2;

/**
 * Keeps the server's answers.
 *
 * @param onSignedOut - Called when an answer says that the session is over.
 */
export function createQueries(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (!isSignedOut(error)) return;
    client.removeQueries({ queryKey: ['session'] });
    onSignedOut();
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (failures, error) => failures < TRIES && isPassing(error),
      },
    },
  });
  return client;
}
