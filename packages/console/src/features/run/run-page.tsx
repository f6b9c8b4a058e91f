import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { runQuery } from '../../api/get-run.ts';
import { AskAction } from '../../ui/ask-action.tsx';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RiskPanel } from '../../ui/risk-panel.tsx';
import { RunDuration } from '../../ui/run-duration.tsx';
import { RunOutcome } from '../../ui/run-outcome.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { ActivityDetails } from './activity-details.tsx';
import { ActivitySections } from './activity-sections.tsx';
import { ChildRuns } from './child-runs.tsx';
import { runActivitiesQuery } from './list-run-activities.ts';
import { RunFacts } from './run-facts.tsx';
import { Timeline } from './timeline.tsx';

const route = getRouteApi('/shell/runs/$runId');

/** Exactly what happened in one run. */
export function RunPage() {
  const { runId } = route.useParams();
  const query = useQuery(runQuery(runId));
  const run = query.data;
  const list = useInfiniteQuery(runActivitiesQuery(runId, run?.status === 'running'));
  const [selectedId, setSelectedId] = useState<number>();
  if (run === undefined) {
    return (
      <Page title="Run">
        {query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div className="panel">
            <Skeleton lines={12} />
          </div>
        )}
      </Page>
    );
  }

  const activities = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages.at(-1)?.total ?? run.totals.activities;
  const selected = activities.find((activity) => activity.id === selectedId);
  return (
    <Page
      key={runId}
      title={run.script.name}
      documentTitle={`${run.script.name}, run`}
      summary={
        <span className="run-summary">
          <RunOutcome run={run} />
          <span>
            Run of{' '}
            <Link to="/scripts/$scriptId" params={{ scriptId: run.script.id }}>
              {run.script.name}
            </Link>{' '}
            on{' '}
            <Link to="/runs" search={{ endpointId: run.endpointId }}>
              {run.hostName}
            </Link>{' '}
            by{' '}
            <Link to="/runs" search={{ userName: run.user.name }}>
              {run.user.name}
            </Link>
            , started <Time iso={run.startedAt} />, {run.status === 'running' ? 'so far' : 'took'}{' '}
            <RunDuration run={run} />. As of <Time iso={new Date(query.dataUpdatedAt).toISOString()} />.
          </span>
        </span>
      }
      actions={
        <>
          {run.status === 'running' ? (
            <AskAction
              label="Stop this run"
              hint="The run and all that it started are ended on its computer."
              order={() => ({ kind: 'stop-run', runId })}
              target={{ endpoints: [run.endpointId], groups: [] }}
              about={run.script.name}
            />
          ) : null}
          <Link to="/runs" search={{ scriptId: run.script.id }} className="button">
            All runs of this script
          </Link>
        </>
      }
    >
      <RunFacts run={run} />
      <Panel
        title="Timeline"
        note={
          list.data === undefined ? undefined : (
            <output>
              {formatCount(activities.length)} of {formatCount(Math.max(total, activities.length))} activities
            </output>
          )
        }
      >
        {list.isError && list.data === undefined ? (
          <div className="panel__body">
            <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
          </div>
        ) : list.data === undefined ? (
          <Skeleton lines={5} height={26} />
        ) : (
          <>
            <Timeline run={run} activities={activities} selectedId={selectedId} onSelect={setSelectedId} />
            <ActivityDetails activity={selected} startedAt={run.startedAt} />
            {list.hasNextPage ? (
              <div className="panel__foot">
                <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
                  {list.isFetchingNextPage ? 'Loading …' : 'Load more activities'}
                </Button>
              </div>
            ) : null}
          </>
        )}
      </Panel>
      {list.data === undefined ? null : (
        <ActivitySections activities={activities} isRunning={run.status === 'running'} />
      )}
      <RiskPanel kind="run" subject={runId} title="Risk of this run" />
      <ChildRuns runs={run.children} />
    </Page>
  );
}
