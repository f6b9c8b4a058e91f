import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { CommandLine } from '../../ui/copy.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';

const settingsQuery = queryOptions({ queryKey: ['sign-in-settings'], queryFn: () => client.getSignInSettings() });

/** How the company signs in, as the settings file of the server says it. */
export function CompanySettings() {
  const settings = useQuery(settingsQuery);
  if (settings.isError) return <ProblemNotice error={settings.error} onRetry={() => void settings.refetch()} />;
  if (settings.data === undefined)
    return (
      <div className="panel">
        <Skeleton lines={5} />
      </div>
    );
  const { oidc, groupRoles, scimPath } = settings.data;
  return (
    <>
      <Panel title="OpenID Connect" note={oidc === undefined ? 'off' : 'on'}>
        {oidc === undefined ? (
          <div className="settings-part">
            <p className="muted">
              The settings file of the server (<code>--config</code>) turns it on: <code>oidc</code> with{' '}
              <code>issuer</code>, <code>clientId</code> and <code>clientSecretFile</code>. Give the provider this
              address to come back to:
            </p>
            <CommandLine command={`${location.origin}/auth/oidc/callback`} />
          </div>
        ) : (
          <dl className="facts settings-part">
            <Fact name="Name" value={oidc.name} />
            <Fact name="Issuer" value={oidc.issuer} />
            <Fact name="Client" value={oidc.clientId} />
            <Fact name="Claim with groups" value={oidc.groupsClaim} />
          </dl>
        )}
      </Panel>
      <Panel title="Groups and their roles" note={`${groupRoles.length} in groupRoles of the settings file`}>
        {groupRoles.length === 0 ? (
          <p className="muted settings-part">No group of the directory gives a role yet.</p>
        ) : (
          <Table
            label="Groups and their roles"
            columns={[{ title: 'Group' }, { title: 'Roles' }, { title: 'Departments' }]}
          >
            {groupRoles.map(({ group, roles, departments }) => (
              <tr key={group}>
                <td>{group}</td>
                <td>{roles.join(', ')}</td>
                <td>{departments.join(', ')}</td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <Panel title="SCIM 2.0" note="with an API token that has people.manage">
        <div className="settings-part">
          <CommandLine command={`${location.origin}${scimPath}`} />
        </div>
      </Panel>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
