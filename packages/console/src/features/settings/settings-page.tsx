import type { PersonPermission } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { sessionQuery } from '../../api/get-session.ts';
import { Page } from '../../ui/page.tsx';
import { AccountSettings } from './account-settings.tsx';
import { CompanySettings } from './company-settings.tsx';
import { DepartmentSettings } from './department-settings.tsx';
import { PeopleSettings } from './people-settings.tsx';
import { RetentionSettings } from './retention-settings.tsx';
import { SettingsSearch, type SettingsTab } from './settings-search.ts';
import { TokenSettings } from './token-settings.tsx';

const route = getRouteApi('/shell/settings');

const TABS: readonly { readonly tab?: SettingsTab; readonly title: string; readonly needs: PersonPermission }[] = [
  { title: 'My account', needs: 'self' },
  { tab: 'people', title: 'People', needs: 'people.manage' },
  { tab: 'tokens', title: 'API tokens', needs: 'token.manage' },
  { tab: 'company', title: 'Company sign-in', needs: 'people.manage' },
  { tab: 'departments', title: 'Departments', needs: 'data.manage' },
  { tab: 'retention', title: 'Retention', needs: 'retention.manage' },
];

/** How one signs in, who else may, and which programs. */
export function SettingsPage() {
  const search = SettingsSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const session = useQuery(sessionQuery);
  const permissions = session.data?.permissions ?? [];
  const shown = TABS.filter(({ needs }) => permissions.includes(needs));
  const change = (patch: { [Name in keyof SettingsSearch]?: SettingsSearch[Name] | undefined }) =>
    void navigate({
      search: (present: SettingsSearch) => SettingsSearch.parse({ ...present, ...patch }),
      replace: true,
    });
  return (
    <Page title="Settings" summary={shown.find(({ tab }) => tab === search.tab)?.title ?? 'My account'}>
      {shown.length < 2 ? null : (
        <nav className="tabs" aria-label="Settings">
          {shown.map(({ tab, title }) => (
            <Link
              key={title}
              to="/settings"
              search={tab === undefined ? {} : { tab }}
              className="tabs__tab"
              activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
              aria-current={tab === search.tab ? 'page' : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
      )}
      {search.tab === undefined && session.data !== undefined ? <AccountSettings /> : null}
      {search.tab === 'people' ? <PeopleSettings search={search} onChange={change} /> : null}
      {search.tab === 'tokens' ? <TokenSettings search={search} onChange={change} /> : null}
      {search.tab === 'company' ? <CompanySettings /> : null}
      {search.tab === 'departments' ? <DepartmentSettings search={search} onChange={change} /> : null}
      {search.tab === 'retention' ? <RetentionSettings search={search} onChange={change} /> : null}
    </Page>
  );
}
