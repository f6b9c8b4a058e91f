import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { sessionQuery } from '../api/get-session.ts';
import { type Action, useActions } from '../ui/actions.tsx';
import {
  ActionIcon,
  ApprovalIcon,
  AuditIcon,
  DataIcon,
  FamilyIcon,
  FindingIcon,
  HelpIcon,
  LeaverIcon,
  LibraryIcon,
  MachineIcon,
  Mark,
  OverviewIcon,
  PolicyIcon,
  RiskIcon,
  RunIcon,
  ScriptIcon,
  SettingsIcon,
  VaultIcon,
} from '../ui/icons.tsx';
import { focusSearchAction } from './focus-search-action.ts';
import { goActions, sections } from './go-actions.ts';

// Menus and dialogs are not needed for the first sight of a page.
const AccountMenu = lazy(() =>
  import('../features/session/account-menu.tsx').then((module) => ({ default: module.AccountMenu })),
);
const BreakGlassBanner = lazy(() =>
  import('../features/policies/break-glass-banner.tsx').then((module) => ({ default: module.BreakGlassBanner })),
);
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((module) => ({ default: module.HelpDialog })));

const ICONS = {
  '/': OverviewIcon,
  '/findings': FindingIcon,
  '/risk': RiskIcon,
  '/data': DataIcon,
  '/families': FamilyIcon,
  '/scripts': ScriptIcon,
  '/runs': RunIcon,
  '/libraries': LibraryIcon,
  '/machines': MachineIcon,
  '/policies': PolicyIcon,
  '/approvals': ApprovalIcon,
  '/actions': ActionIcon,
  '/audit': AuditIcon,
  '/settings': SettingsIcon,
  '/vault': VaultIcon,
  '/leavers': LeaverIcon,
} as const;

/** The frame around every page of a signed-in person. */
export function Shell() {
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const actions = useMemo<Action[]>(
    () => [
      ...goActions(router),
      focusSearchAction(router),
      { id: 'help', title: 'Keyboard help', group: 'Everywhere', keys: ['?'], perform: () => setHelpOpen(true) },
    ],
    [router],
  );
  useActions(actions);
  const permissions = session.data?.permissions;
  const shownSections = sections.filter(
    (section) => !('needs' in section) || permissions?.includes(section.needs) === true,
  );

  return (
    <div className="shell">
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <header className="shell__bar">
        <Link to="/" className="brand" aria-label="Sentinel, overview">
          <Mark />
          <span>Sentinel</span>
        </Link>
        <nav className="nav" aria-label="Sections">
          <ul>
            {shownSections.map(({ path, title }) => {
              const SectionIcon = ICONS[path];
              return (
                <li key={path}>
                  <Link to={path} className="nav__link" activeOptions={{ exact: path === '/', includeSearch: false }}>
                    <SectionIcon />
                    {title}
                  </Link>
                </li>
              );
            })}
          </ul>
        </nav>
        <div className="shell__foot">
          <Suspense fallback={<span className="account" />}>
            {session.data === undefined ? null : <AccountMenu session={session.data} />}
          </Suspense>
          <button
            type="button"
            className="icon-button shell__help"
            onClick={() => setHelpOpen(true)}
            aria-label="Keyboard help"
            title="Keyboard help (?)"
          >
            <HelpIcon />
          </button>
        </div>
      </header>
      <main id="main" className="shell__main" tabIndex={-1}>
        {session.data?.isBreakGlass === true ? (
          <p className="notice notice--bad shell__banner" role="alert">
            This is the emergency account. Everything done with it stands in the audit trail, and it ends within an
            hour.
          </p>
        ) : null}
        <Suspense>
          <BreakGlassBanner />
        </Suspense>
        <Outlet />
      </main>
      <Suspense>{isHelpOpen ? <HelpDialog onClose={() => setHelpOpen(false)} /> : null}</Suspense>
    </div>
  );
}
