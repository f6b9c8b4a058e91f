import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { recentRunsQuery } from '../../api/list-runs.ts';
import { AskAction } from '../../ui/ask-action.tsx';
import { Badge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RunTable } from '../../ui/run-table.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { scriptQuery } from './get-script.ts';
import { TouchedSections } from './touched-sections.tsx';

const route = getRouteApi('/shell/scripts/$scriptId');
const RECENT_RUNS = 10;

/** What a script is, where it ran and what it touched. */
export function ScriptPage() {
  const { scriptId } = route.useParams();
  const query = useQuery(scriptQuery(scriptId));
  const recent = useQuery({ ...recentRunsQuery({ scriptId }, RECENT_RUNS), refetchInterval: 5000 });
  const script = query.data;
  if (script === undefined) {
    return (
      <Page title="Script">
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
  const { sha256 } = script;
  return (
    <Page
      title={script.name}
      documentTitle={`${script.name}, script`}
      summary={
        <>
          {script.running > 0 ? <Badge tone="live">{script.running} running</Badge> : null} Last run{' '}
          <Ago iso={script.lastRunAt} />, first run <Time iso={script.firstRunAt} />. As of{' '}
          <Time iso={new Date(query.dataUpdatedAt).toISOString()} />.
        </>
      }
      actions={
        <>
          {sha256 === undefined ? null : (
            <AskAction
              label="Quarantine this version"
              hint="This exact version is refused on start on all computers, and runs of it are ended, until it is lifted."
              order={() => ({ kind: 'quarantine-script', sha256, endsRuns: true })}
              target={{ endpoints: [], groups: ['*'] }}
              about={script.name}
            />
          )}
          <Link to="/runs" search={{ scriptId }} className="button">
            All runs
          </Link>
        </>
      }
    >
      <Panel title="Identity">
        <dl className="facts panel__body">
          <Fact name="Runs">
            <Link to="/runs" search={{ scriptId }}>
              {formatCount(script.runs)}
            </Link>
          </Fact>
          <Fact name="Failures">
            <Link to="/runs" search={{ scriptId, outcome: 'failed' }}>
              {formatCount(script.failures)}
            </Link>
          </Fact>
          <Fact name="Machines">{formatCount(script.endpoints)}</Fact>
          <Fact name="People">{script.users.length === 0 ? 'not known' : script.users.join(', ')}</Fact>
          <Fact name="Median duration">
            {script.medianDurationMs === undefined ? 'not known' : formatDuration(script.medianDurationMs)}
          </Fact>
          <Fact name="Kind and size">
            {script.kind}
            {script.sizeBytes === undefined ? '' : `, ${formatBytes(script.sizeBytes)}`}
          </Fact>
          <Fact name="SHA-256 of the source">
            {script.sha256 === undefined ? (
              'not known: the probe could not read the source'
            ) : (
              <span className="copy-inline">
                <code title={script.sha256}>{script.sha256.slice(0, 16)}…</code>
                <CopyButton text={script.sha256} label="Copy the whole SHA-256" />
              </span>
            )}
          </Fact>
          <div className="facts__wide">
            <dt>
              {script.paths.length === 1
                ? 'Path'
                : `Paths (${script.paths.length}${script.paths.length === 10 ? ' or more' : ''})`}
            </dt>
            {script.paths.length === 0 ? <dd>none: it did not come from a file</dd> : null}
            {script.paths.map((path) => (
              <dd key={path} className="mono">
                {path}
              </dd>
            ))}
          </div>
        </dl>
      </Panel>
      <TouchedSections touched={script.touched} total={script.touchedTotal} scriptId={scriptId} />
      <div className="columns">
        <Panel title="Machines" note={formatCounted(script.machines.length, 'machine')}>
          <Table
            label="Machines that ran it"
            columns={[{ title: 'Machine' }, { title: 'Runs', numeric: true }, { title: 'Last run' }]}
            linked
          >
            {script.machines.map((machine) => (
              <tr key={machine.endpointId}>
                <td>
                  <Link to="/runs" search={{ scriptId, endpointId: machine.endpointId }} className="row-link">
                    {machine.hostName}
                  </Link>
                </td>
                <td className="num">{formatCount(machine.runs)}</td>
                <td>
                  <Ago iso={machine.lastRunAt} />
                </td>
              </tr>
            ))}
          </Table>
        </Panel>
        <Panel title="Interpreters" note={formatCounted(script.interpreters.length, 'interpreter')}>
          <Table
            label="Interpreters that ran it"
            columns={[{ title: 'Version' }, { title: 'Path' }, { title: 'Runs', numeric: true }]}
          >
            {script.interpreters.map((interpreter) => (
              <tr key={`${interpreter.path} ${interpreter.version}`}>
                <td>{interpreter.version}</td>
                <td className="mono cell-path">{interpreter.path}</td>
                <td className="num">{formatCount(interpreter.runs)}</td>
              </tr>
            ))}
          </Table>
        </Panel>
      </div>
      <Panel
        title="Recent runs"
        note={
          recent.data === undefined ? undefined : (
            <Link to="/runs" search={{ scriptId }}>
              {formatCount(recent.data.items.length)} of {formatCounted(recent.data.total, 'run')}: see all
            </Link>
          )
        }
      >
        {recent.data === undefined ? (
          <Skeleton lines={5} />
        ) : (
          <RunTable label="Recent runs" runs={recent.data.items} isOfOneScript />
        )}
      </Panel>
    </Page>
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
