import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { libraryQuery } from './get-library.ts';
import { VerdictBadge } from './verdict-badge.tsx';

const route = getRouteApi('/shell/libraries/$distribution');

/** One library: its versions, who imports it, where it lies. */
export function LibraryPage() {
  const { distribution } = route.useParams();
  const query = useQuery(libraryQuery(distribution));
  const library = query.data;
  if (library === undefined) {
    return (
      <Page title="Library">
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
  const { versions, scripts, computers } = library;
  return (
    <Page
      title={library.distribution}
      documentTitle={`${library.distribution}, library`}
      summary={
        <>
          {formatCounted(versions.length, 'version')}, {formatCounted(computerCount(computers), 'computer')}. Imports of
          the last 30 days. As of <Time iso={new Date(query.dataUpdatedAt).toISOString()} />.
        </>
      }
      actions={
        <Link to="/runs" search={{ library: library.distribution }} className="button">
          Runs that imported it
        </Link>
      }
    >
      <Panel title="Versions">
        <Table
          label="Versions"
          columns={[
            { title: 'Version' },
            { title: 'What is wrong' },
            { title: 'Scripts', numeric: true },
            { title: 'Runs', numeric: true },
            { title: 'Last import' },
            { title: 'Installed on', numeric: true },
          ]}
        >
          {versions.map(({ version, verdict, scripts: users, runs, lastImportedAt, computers: count }) => (
            <tr key={version ?? ''}>
              <td className="cell-main">{version ?? 'not known'}</td>
              <td>
                <VerdictBadge verdict={verdict} />
              </td>
              <NumberCell value={users} text={formatCount(users)} />
              <NumberCell value={runs} text={formatCount(runs)} />
              <td>
                {lastImportedAt === undefined ? (
                  <span className="muted">not in 30 days</span>
                ) : (
                  <Ago iso={lastImportedAt} />
                )}
              </td>
              <NumberCell value={count} text={formatCount(count)} />
            </tr>
          ))}
        </Table>
      </Panel>
      <Panel title="Scripts that import it" note={formatCounted(scripts.length, 'script')}>
        {scripts.length === 0 ? (
          <p className="panel__body muted">No run of the last 30 days imported it: it only lies there.</p>
        ) : (
          <Table
            label="Scripts that import it"
            columns={[
              { title: 'Script' },
              { title: 'Version' },
              { title: 'Runs', numeric: true },
              { title: 'Machines', numeric: true },
              { title: 'Last import' },
            ]}
            linked
          >
            {scripts.map(({ scriptId, name, version, runs, endpoints, lastImportedAt }) => (
              <tr key={`${scriptId} ${version ?? ''}`}>
                <td>
                  <Link to="/scripts/$scriptId" params={{ scriptId }} className="row-link cell-main">
                    {name}
                  </Link>
                </td>
                <td>{version ?? <span className="muted">not known</span>}</td>
                <td className="num">
                  <Link to="/runs" search={{ scriptId, library: library.distribution }} className="above-row">
                    {formatCount(runs)}
                  </Link>
                </td>
                <NumberCell value={endpoints} text={formatCount(endpoints)} />
                <td>
                  <Ago iso={lastImportedAt} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <Panel title="Computers that have it" note={formatCounted(computerCount(computers), 'computer')}>
        {computers.length === 0 ? (
          <p className="panel__body muted">
            No inventory has it: it was imported from a place that no scan has seen, or no scan was uploaded.
          </p>
        ) : (
          <Table
            label="Computers that have it"
            columns={[{ title: 'Computer' }, { title: 'Version' }, { title: 'Installed in' }, { title: 'Scanned' }]}
          >
            {computers.map(({ hostName, endpointId, version, sites, scannedAt }) => (
              <tr key={`${hostName} ${version ?? ''}`}>
                <td>
                  {endpointId === undefined ? (
                    <span className="cell-main">{hostName}</span>
                  ) : (
                    <Link
                      to="/runs"
                      search={{ endpointId, library: library.distribution }}
                      className="cell-main"
                      title="Runs on it that imported the library"
                    >
                      {hostName}
                    </Link>
                  )}
                </td>
                <td>{version ?? <span className="muted">not known</span>}</td>
                <td className="mono cell-path">
                  <span title={sites.join('\n')}>
                    {sites[0]}
                    {sites.length > 1 ? ` and ${sites.length - 1} more` : ''}
                  </span>
                </td>
                <td>
                  <Ago iso={scannedAt} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </Page>
  );
}

function computerCount(computers: readonly { readonly hostName: string }[]): number {
  return new Set(computers.map(({ hostName }) => hostName)).size;
}
