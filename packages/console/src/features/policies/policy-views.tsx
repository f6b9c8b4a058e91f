import type { HitCount, PolicyVersionRow, SimulatedStatement } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { DiffLines, SourceText } from '../../ui/diff-lines.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { policyDiffQuery, policyVersionQuery } from './list-policies.ts';
import { Remarks } from './remarks.tsx';
import { StageBadge } from './stage-badge.tsx';

interface Props {
  readonly version: PolicyVersionRow;
}

/** What a version says: its statements, remarks and the file itself. */
export function SourceView({ version }: Props) {
  const whole = useQuery(policyVersionQuery(version.policyId, version.version));
  if (whole.data === undefined) return whole.isError ? <ProblemNotice error={whole.error} /> : <Waiting />;
  const { statements, source, remarks } = whole.data;
  return (
    <>
      <Panel title="Statements" note={formatCounted(statements.length, 'statement')}>
        <Table
          label="Statements of the policy"
          columns={[{ title: 'Statement' }, { title: 'Effect' }, { title: 'About' }, { title: 'Told to people' }]}
        >
          {statements.map((statement) => (
            <tr key={statement.id}>
              <td>
                <span className="cell-main">{statement.title ?? statement.id}</span>
                <span className="cell-sub">
                  {statement.severity}
                  {statement.isFloor
                    ? ', floor: nothing lowers it'
                    : `, waivers by ${statement.waiverFields.join(', ')}`}
                </span>
              </td>
              <td>
                <Badge tone={statement.effect === 'block' || statement.effect === 'kill' ? 'bad' : 'neutral'}>
                  {statement.effect}
                </Badge>
              </td>
              <td className="mono">{statement.activities.join(', ')}</td>
              <td className="break">{statement.explain}</td>
            </tr>
          ))}
        </Table>
      </Panel>
      {remarks.length > 0 ? (
        <Panel title="Remarks" note={formatCounted(remarks.length, 'remark')}>
          <Remarks remarks={remarks} />
        </Panel>
      ) : null}
      <Panel title="Source" note={`${formatCounted(version.examples, 'example')}, all come out as written`}>
        <SourceText label="Source of the policy" text={source} />
      </Panel>
    </>
  );
}

const CHANGE_WORDS = {
  added: 'new',
  removed: 'gone',
  stricter: 'stricter',
  milder: 'milder',
  condition: 'another condition',
  text: 'other words only',
} as const;

/** What a version changes against the one in force, in meaning and in lines. */
export function DiffView({ version }: Props) {
  const diff = useQuery(policyDiffQuery(version.policyId, version.version));
  if (diff.data === undefined) return diff.isError ? <ProblemNotice error={diff.error} /> : <Waiting />;
  const { fromVersion, statements, lines } = diff.data;
  const against = fromVersion === undefined ? 'nothing: it is the first' : `version ${fromVersion}`;
  return (
    <Panel title="Difference" note={`against ${against}`}>
      {statements.length === 0 ? (
        <p className="panel__body muted">No statement changes its meaning.</p>
      ) : (
        <Table
          label="Statements that change"
          columns={[{ title: 'Statement' }, { title: 'Change' }, { title: 'Effect' }]}
        >
          {statements.map((one) => (
            <tr key={one.id}>
              <td>{one.id}</td>
              <td>{CHANGE_WORDS[one.change]}</td>
              <td>
                {[one.fromEffect, one.toEffect]
                  .filter((effect, at, all) => effect !== undefined && all.indexOf(effect) === at)
                  .join(' → ')}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <DiffLines label="Lines that differ" lines={lines} />
    </Panel>
  );
}

/** Who and what a version would have hit, as it was kept with it. */
export function SimulationView({ version }: Props) {
  const whole = useQuery(policyVersionQuery(version.policyId, version.version));
  if (whole.data === undefined) return whole.isError ? <ProblemNotice error={whole.error} /> : <Waiting />;
  const { simulation, simulated } = whole.data;
  if (simulation === undefined)
    return (
      <div className="panel">
        <EmptyState title="It was not simulated yet">
          <p>Playing it over history says which scripts, machines and people it would have hit. Nobody notices.</p>
        </EmptyState>
      </div>
    );
  return (
    <>
      <p className="muted">
        {formatCount(simulation.activities)} activities from {simulation.from.slice(0, 10)} to{' '}
        {simulation.to.slice(0, 10)} were played, <Ago iso={simulation.at} />.
      </p>
      {simulated.map((statement) => (
        <SimulatedPanel key={statement.statementId} statement={statement} />
      ))}
    </>
  );
}

function SimulatedPanel({ statement }: { readonly statement: SimulatedStatement }) {
  const { statementId, effect, hits, runs, scripts, endpoints, users, departments, runIds } = statement;
  return (
    <Panel title={statementId} note={`${effect}: ${formatCounted(hits, 'hit')} in ${formatCounted(runs, 'run')}`}>
      {hits === 0 ? (
        <p className="panel__body muted">It would have hit nobody.</p>
      ) : (
        <>
          <Table
            label={`What ${statementId} would have hit`}
            columns={[
              { title: 'Kind' },
              { title: 'Name' },
              { title: 'Hits', numeric: true },
              { title: 'Runs', numeric: true },
            ]}
          >
            <HitRows kind="Script" counts={scripts} />
            <HitRows kind="Machine" counts={endpoints} />
            <HitRows kind="Person" counts={users} />
            <HitRows kind="Department" counts={departments} />
          </Table>
          <ul className="run-links panel__foot" aria-label="Some of the runs">
            {runIds.slice(0, 10).map((runId) => (
              <li key={runId}>
                <Link to="/runs/$runId" params={{ runId }}>
                  Run {runId.slice(-8)}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function HitRows({ kind, counts }: { readonly kind: string; readonly counts: readonly HitCount[] }) {
  return counts.map(({ name, label, hits, runs }) => (
    <tr key={`${kind} ${name}`}>
      <td className="muted">{kind}</td>
      <td className="break">
        {kind === 'Script' ? (
          <Link to="/scripts/$scriptId" params={{ scriptId: name }}>
            {label ?? name}
          </Link>
        ) : (
          (label ?? name)
        )}
      </td>
      <NumberCell value={hits} text={formatCount(hits)} />
      <NumberCell value={runs} text={formatCount(runs)} />
    </tr>
  ));
}

/** Every version of a policy. */
export function VersionsView({
  policyId,
  versions,
  shown,
}: {
  readonly policyId: string;
  readonly versions: readonly PolicyVersionRow[];
  readonly shown: number;
}) {
  return (
    <Panel title="Versions" note={formatCounted(versions.length, 'version')}>
      <Table
        label="Versions of the policy"
        columns={[
          { title: 'Version' },
          { title: 'Stage' },
          { title: 'Author' },
          { title: 'Reason' },
          { title: 'Saved' },
        ]}
        linked
      >
        {versions.map((version) => (
          <tr key={version.version}>
            <td>
              <Link
                to="/policies/$policyId"
                params={{ policyId }}
                search={{ version: String(version.version) }}
                className="row-link"
                aria-current={version.version === shown ? 'true' : undefined}
              >
                Version {version.version}
              </Link>
            </td>
            <td>
              <StageBadge version={version} />
            </td>
            <td>{version.author}</td>
            <td className="break">
              {version.reason}
              {version.ticket === undefined ? '' : ` (${version.ticket})`}
            </td>
            <td>
              <Ago iso={version.savedAt} />
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function Waiting() {
  return (
    <div className="panel">
      <Skeleton lines={8} />
    </div>
  );
}
