import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { ActionProvider } from '../ui/actions.tsx';
import { createQueries } from './query-client.ts';
import { createAppRouter } from './router.tsx';

const queryClient = createQueries(() => {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in') return;
  void router.navigate({ to: '/sign-in', search: { returnTo: href } });
});
const router = createAppRouter(queryClient);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');
createRoot(root).render(
  <QueryClientProvider client={queryClient}>
    <ActionProvider>
      <RouterProvider router={router} />
    </ActionProvider>
  </QueryClientProvider>,
);
