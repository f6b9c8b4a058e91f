import type { RunRecipe } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionQuery } from '../../api/get-session.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { vaultEntryQuery } from './get-vault-entry.ts';
import { RestoreDialog } from './restore-dialog.tsx';
import { VaultEntrySearch } from './vault-entry-search.ts';

const route = getRouteApi('/shell/vault/$sha256');

/** One version: what it is, what it needs to run again, its source. */
export function VaultEntryPage() {
  const { sha256 } = route.useParams();
  const query = useQuery(vaultEntryQuery(sha256));
  const session = useQuery(sessionQuery);
  const { restore } = VaultEntrySearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const entry = query.data;
  if (entry === undefined) {
    return (
      <Page title="Version of a script">
        {query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )}
      </Page>
    );
  }
  const { recipe } = entry;
  const canRestore = session.data?.permissions.includes('vault.restore') === true;
  return (
    <Page
      title={entry.name}
      documentTitle={`${entry.name}, vault`}
      summary={
        <>
          Collected <Ago iso={entry.collectedAt} />. {formatCounted(recipe.runs, 'run')} observed
          {recipe.lastRunAt === undefined ? null : (
            <>
              , the last <Ago iso={recipe.lastRunAt} />
            </>
          )}
          . This look is in the audit log.
        </>
      }
      actions={
        <>
          <Link to="/scripts/$scriptId" params={{ scriptId: entry.scriptId }} className="button">
            The script
          </Link>
          {canRestore ? (
            <Button look="primary" onClick={() => void navigate({ search: { restore: '1' } })}>
              Restore
            </Button>
          ) : null}
        </>
      }
    >
      <Panel title="Identity">
        <dl className="facts panel__body">
          <Fact name="SHA-256 of the source">
            <span className="copy-inline">
              <code title={entry.sha256}>{entry.sha256.slice(0, 16)}…</code>
              <CopyButton text={entry.sha256} label="Copy the whole SHA-256" />
            </span>
          </Fact>
          <Fact name="Size">{formatBytes(entry.sizeBytes)}</Fact>
          <Fact name="Kept, sealed">{formatBytes(entry.storedBytes)}</Fact>
          <Fact name="Restored">{entry.restores === 0 ? 'never' : formatCount(entry.restores)}</Fact>
          <Fact name="Python">
            {recipe.interpreters.map(({ implementation, version }) => `${implementation} ${version}`).join(', ') ||
              'not known'}
          </Fact>
          <Fact name="People">{recipe.users.join(', ') || 'not known'}</Fact>
          <Fact name="Machines">{recipe.machines.map(({ hostName }) => hostName).join(', ') || 'not known'}</Fact>
          <Fact name="Arguments">
            {recipe.arguments.map(({ count, shape }) => (count === 0 ? 'none' : `${count} (${shape})`)).join('; ') ||
              'not known'}
          </Fact>
          <div className="facts__wide">
            <dt>Path</dt>
            <dd className="mono">{entry.path}</dd>
          </div>
        </dl>
      </Panel>
      <div className="columns">
        <Panel title="Packages it imported" note={formatCounted(recipe.packages.length, 'package')}>
          {recipe.packages.length === 0 ? (
            <p className="panel__body muted">None but the standard library was seen.</p>
          ) : (
            <Table label="Packages" columns={[{ title: 'Package' }, { title: 'Version' }, { title: 'Also seen' }]}>
              {recipe.packages.map((one) => (
                <tr key={one.name}>
                  <td>{one.name}</td>
                  <td>{one.version || <span className="muted">not known</span>}</td>
                  <td>{one.otherVersions.join(', ')}</td>
                </tr>
              ))}
            </Table>
          )}
        </Panel>
        <Panel title="Schedules" note={formatCounted(recipe.schedules.length, 'schedule')}>
          {recipe.schedules.length === 0 ? (
            <p className="panel__body muted">Nothing is known to start it by the clock.</p>
          ) : (
            <Table label="Schedules" columns={[{ title: 'Machine' }, { title: 'When' }, { title: 'Where it stands' }]}>
              {recipe.schedules.map((one) => (
                <tr key={`${one.hostName} ${one.source} ${one.when}`}>
                  <td>{one.hostName}</td>
                  <td className="mono">{one.when}</td>
                  <td className="mono cell-path">{one.source}</td>
                </tr>
              ))}
            </Table>
          )}
        </Panel>
      </div>
      <div className="columns">
        <Places title="Reads" places={recipe.sources} empty="No file or table was seen to be read." />
        <Places title="Writes and sends" places={recipe.destinations} empty="Nothing was seen to be written or sent." />
      </div>
      <Panel
        title="Source"
        note={
          entry.references.length === 0
            ? 'no credential was found in it'
            : `${formatCounted(entry.references.length, 'credential')} replaced`
        }
      >
        {entry.references.length === 0 ? null : (
          <Table
            label="Credentials that were taken out"
            columns={[{ title: 'Stands for it' }, { title: 'Line', numeric: true }, { title: 'What it was' }]}
          >
            {entry.references.map((one) => (
              <tr key={one.reference}>
                <td className="mono">{one.reference}</td>
                <td className="num">{one.line}</td>
                <td>
                  {one.title}
                  {one.name === undefined ? null : <span className="muted"> ({one.name})</span>}
                </td>
              </tr>
            ))}
          </Table>
        )}
        <Source text={entry.text} />
      </Panel>
      {restore === '1' && canRestore ? (
        <RestoreDialog entry={entry} onClose={() => void navigate({ search: {}, replace: true })} />
      ) : null}
    </Page>
  );
}

function Source({ text }: { readonly text: string }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    // A region that scrolls must take the focus, else the keyboard cannot scroll it. Source: WCAG 2.2, 2.1.1.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- HTML has no element for it
    <div className="source" role="group" aria-label="Source" tabIndex={0}>
      <pre className="source__numbers" aria-hidden="true">
        {lines.map((_, index) => index + 1).join('\n')}
      </pre>
      <pre className="source__text">{lines.join('\n')}</pre>
    </div>
  );
}

function Places({
  title,
  places,
  empty,
}: {
  readonly title: string;
  readonly places: RunRecipe['sources'];
  readonly empty: string;
}) {
  return (
    <Panel title={title} note={formatCounted(places.length, 'place')}>
      {places.length === 0 ? (
        <p className="panel__body muted">{empty}</p>
      ) : (
        <Table
          label={title}
          columns={[
            { title: 'Place' },
            { title: 'How' },
            { title: 'Runs', numeric: true },
            { title: 'Rows', numeric: true },
          ]}
        >
          {places.map((one) => (
            <tr key={`${one.type} ${one.target} ${one.detail} ${one.database}`}>
              <td className="mono cell-path">
                {one.target === '' ? one.database : one.target}
                {one.database === '' || one.target === '' ? null : <span className="cell-sub">{one.database}</span>}
              </td>
              <td>
                {one.type} {one.detail}
              </td>
              <td className="num">{formatCount(one.runs)}</td>
              <td className="num">{one.rows === 0 ? '' : formatCount(one.rows)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
