import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from '../api/get-session.ts';
import { isSignedOut } from '../api/problem.ts';
import { RunSearch } from '../api/run-search.ts';
import { ScriptSearch } from '../api/script-search.ts';
import { MachineSearch } from '../features/machines/machine-search.ts';
import { SignInSearch } from '../features/session/sign-in-search.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { ErrorPage } from './error-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell.tsx';

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()();

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: SignInSearch,
  component: lazyRouteComponent(() => import('../features/session/sign-in-page.tsx'), 'SignInPage'),
});

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { returnTo: location.href } });
    }
  },
});

const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./overview-route.tsx'), 'OverviewRoute'),
});

const scriptsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/scripts',
  validateSearch: ScriptSearch,
  component: lazyRouteComponent(() => import('../features/scripts/scripts-page.tsx'), 'ScriptsPage'),
});

const scriptRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/scripts/$scriptId',
  component: lazyRouteComponent(() => import('../features/script/script-page.tsx'), 'ScriptPage'),
});

const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs',
  validateSearch: RunSearch,
  component: lazyRouteComponent(() => import('../features/runs/runs-page.tsx'), 'RunsPage'),
});

const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('../features/run/run-page.tsx'), 'RunPage'),
});

const machinesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/machines',
  validateSearch: MachineSearch,
  component: lazyRouteComponent(() => import('../features/machines/machines-page.tsx'), 'MachinesPage'),
});

const unknownRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: NotFoundPage });

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([overviewRoute, scriptsRoute, scriptRoute, runsRoute, runRoute, machinesRoute, unknownRoute]),
]);

/** The console's pages by path; a link is all the state of a page. */
export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    // Plain texts in links: no JSON quotes, nothing to decode by hand.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: writeSearch,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: () => <Skeleton />,
    scrollRestoration: true,
  });
}

function writeSearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const text = new URLSearchParams(entries).toString();
  return text === '' ? '' : `?${text}`;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
