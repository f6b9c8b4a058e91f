import type { PolicyVersionRow } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionQuery } from '../../api/get-session.ts';
import { formatCount } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { policyQuery } from './list-policies.ts';
import { PolicyPageSearch } from './policy-search.ts';
import { DiffView, SimulationView, SourceView, VersionsView } from './policy-views.tsx';
import { RingSteps } from './ring-steps.tsx';
import { StageBadge } from './stage-badge.tsx';
import { VersionActions } from './version-actions.tsx';
import { WaiversView } from './waivers-view.tsx';

const route = getRouteApi('/shell/policies/$policyId');

const VIEWS = [
  { value: 'source', text: 'Source' },
  { value: 'diff', text: 'Difference' },
  { value: 'simulation', text: 'Simulation' },
  { value: 'waivers', text: 'Waivers' },
  { value: 'versions', text: 'Versions' },
] as const;

/** One policy: where its versions stand, what they say and what they do. */
export function PolicyPage() {
  const { policyId } = route.useParams();
  const search = PolicyPageSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const policy = useQuery(policyQuery(policyId));
  const session = useQuery(sessionQuery);
  const { data } = policy;
  if (data === undefined)
    return (
      <Page title="Policy">
        {policy.isError ? (
          <ProblemNotice error={policy.error} onRetry={() => void policy.refetch()} />
        ) : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )}
      </Page>
    );
  const version = data.versions.find((one) => String(one.version) === search.version) ?? data.newest;
  const view = search.view ?? 'source';
  return (
    <Page
      title={data.title}
      documentTitle={`${data.title}, policy`}
      summary={
        <>
          <StageBadge version={version} /> Version {version.version}, saved <Ago iso={version.savedAt} /> by{' '}
          {version.author}. {formatCount(data.hits24h)} hits and {formatCount(data.stopped24h)} stopped in 24 hours.
        </>
      }
      actions={
        session.data === undefined ? null : (
          <VersionActions version={version} versions={data.versions} session={session.data} />
        )
      }
    >
      <Panel title="Life" note={<span className="mono">{policyId}</span>}>
        <RingSteps version={version} />
        <VersionFacts version={version} />
      </Panel>
      <div className="filter-bar__row">
        <Segments
          label="View"
          options={VIEWS}
          value={view}
          onChange={(next) =>
            void navigate({ search: (present: PolicyPageSearch) => ({ ...present, view: next }), replace: true })
          }
        />
      </div>
      {view === 'source' ? <SourceView version={version} /> : null}
      {view === 'diff' ? <DiffView version={version} /> : null}
      {view === 'simulation' ? <SimulationView version={version} /> : null}
      {view === 'waivers' ? <WaiversView version={version} session={session.data} /> : null}
      {view === 'versions' ? (
        <VersionsView policyId={policyId} versions={data.versions} shown={version.version} />
      ) : null}
    </Page>
  );
}

function VersionFacts({ version }: { readonly version: PolicyVersionRow }) {
  const { health, approval, simulation } = version;
  return (
    <dl className="facts panel__body">
      <Fact name="In this stage since">
        <Time iso={version.stageSince} />
      </Fact>
      <Fact name="Why it was saved">
        {version.reason}
        {version.ticket === undefined ? '' : ` (${version.ticket})`}
      </Fact>
      <Fact name="Second person">
        {!version.needsApproval
          ? 'not needed: it stops and changes nothing'
          : approval === undefined
            ? 'nobody has decided yet'
            : `${approval.by} ${approval.isApproved ? 'agreed' : 'refused'}: ${approval.reason}`}
      </Fact>
      <Fact name="Expected">
        {simulation === undefined
          ? 'not simulated'
          : `${simulation.hitsPerDay.toFixed(1)} hits a day, from ${formatCount(simulation.activities)} activities`}
      </Fact>
      {health === undefined ? null : (
        <>
          <Fact name="Hits in this stage">
            {formatCount(health.hits)}
            {health.hitsExpected === undefined ? '' : ` of ${health.hitsExpected} expected`}
          </Fact>
          <Fact name="Called wrong by people">{formatCount(health.objections)}</Fact>
          <Fact name="Faults of probes">{formatCount(health.agentErrors)}</Fact>
          <div className="facts__wide">
            <dt>Health</dt>
            {health.isHealthy ? <dd>as expected</dd> : health.breaches.map((breach) => <dd key={breach}>{breach}</dd>)}
          </div>
        </>
      )}
    </dl>
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
