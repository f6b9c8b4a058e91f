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
import { ApprovalSearch } from '../features/approvals/approval-search.ts';
import { AuditSearch } from '../features/audit/audit-search.ts';
import { DataSearch } from '../features/data/data-search.ts';
import { FamilySearch } from '../features/families/family-search.ts';
import { FindingSearch } from '../features/findings/finding-search.ts';
import { InventorySearch } from '../features/inventory/inventory-search.ts';
import { LibrarySearch } from '../features/inventory/library-search.ts';
import { LeaverSearch } from '../features/leavers/leaver-search.ts';
import { LeaversSearch } from '../features/leavers/leavers-search.ts';
import { MachineSearch } from '../features/machines/machine-search.ts';
import { PolicyPageSearch, PolicySearch } from '../features/policies/policy-search.ts';
import { RiskSearch } from '../features/risk/risk-search.ts';
import { SignInSearch } from '../features/session/sign-in-search.ts';
import { SettingsSearch } from '../features/settings/settings-search.ts';
import { VaultEntrySearch } from '../features/vault/vault-entry-search.ts';
import { VaultSearch } from '../features/vault/vault-search.ts';
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

const librariesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/libraries',
  validateSearch: LibrarySearch,
  component: lazyRouteComponent(() => import('../features/inventory/libraries-page.tsx'), 'LibrariesPage'),
});

const libraryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/libraries/$distribution',
  component: lazyRouteComponent(() => import('../features/inventory/library-page.tsx'), 'LibraryPage'),
});

const findingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings',
  validateSearch: FindingSearch,
  component: lazyRouteComponent(() => import('../features/findings/findings-page.tsx'), 'FindingsPage'),
});

const findingRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/findings/$findingId',
  component: lazyRouteComponent(() => import('../features/findings/finding-page.tsx'), 'FindingPage'),
});

const familiesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/families',
  validateSearch: FamilySearch,
  component: lazyRouteComponent(() => import('../features/families/families-page.tsx'), 'FamiliesPage'),
});

const familyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/families/$familyId',
  component: lazyRouteComponent(() => import('../features/families/family-page.tsx'), 'FamilyPage'),
});

const riskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/risk',
  validateSearch: RiskSearch,
  component: lazyRouteComponent(() => import('../features/risk/risk-page.tsx'), 'RiskPage'),
});

const dataRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/data',
  validateSearch: DataSearch,
  component: lazyRouteComponent(() => import('../features/data/data-page.tsx'), 'DataPage'),
});

const vaultRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/vault',
  validateSearch: VaultSearch,
  component: lazyRouteComponent(() => import('../features/vault/vault-page.tsx'), 'VaultPage'),
});

const vaultEntryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/vault/$sha256',
  validateSearch: VaultEntrySearch,
  component: lazyRouteComponent(() => import('../features/vault/vault-entry-page.tsx'), 'VaultEntryPage'),
});

const leaversRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/leavers',
  validateSearch: LeaversSearch,
  component: lazyRouteComponent(() => import('../features/leavers/leavers-page.tsx'), 'LeaversPage'),
});

const leaverRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/leavers/$personId',
  validateSearch: LeaverSearch,
  component: lazyRouteComponent(() => import('../features/leavers/leaver-page.tsx'), 'LeaverPage'),
});

const policiesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/policies',
  validateSearch: PolicySearch,
  component: lazyRouteComponent(() => import('../features/policies/policies-page.tsx'), 'PoliciesPage'),
});

const writePolicyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/policies/new',
  component: lazyRouteComponent(() => import('../features/policies/write-policy-page.tsx'), 'WritePolicyPage'),
});

const policyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/policies/$policyId',
  validateSearch: PolicyPageSearch,
  component: lazyRouteComponent(() => import('../features/policies/policy-page.tsx'), 'PolicyPage'),
});

const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  validateSearch: ApprovalSearch,
  component: lazyRouteComponent(() => import('../features/approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const actionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/actions',
  component: lazyRouteComponent(() => import('../features/actions/actions-page.tsx'), 'ActionsPage'),
});

const approvalRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals/$approvalId',
  component: lazyRouteComponent(() => import('../features/approvals/approval-page.tsx'), 'ApprovalPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  validateSearch: AuditSearch,
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  validateSearch: SettingsSearch,
  component: lazyRouteComponent(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
});

const inventoryRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/inventories/$inventoryId',
  validateSearch: InventorySearch,
  component: lazyRouteComponent(() => import('../features/inventory/inventory-page.tsx'), 'InventoryPage'),
});

const unknownRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: NotFoundPage });

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    overviewRoute,
    scriptsRoute,
    scriptRoute,
    runsRoute,
    runRoute,
    machinesRoute,
    librariesRoute,
    libraryRoute,
    inventoryRoute,
    findingsRoute,
    findingRoute,
    familiesRoute,
    familyRoute,
    riskRoute,
    dataRoute,
    vaultRoute,
    vaultEntryRoute,
    leaversRoute,
    leaverRoute,
    policiesRoute,
    writePolicyRoute,
    policyRoute,
    approvalsRoute,
    approvalRoute,
    actionsRoute,
    auditRoute,
    settingsRoute,
    unknownRoute,
  ]),
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
