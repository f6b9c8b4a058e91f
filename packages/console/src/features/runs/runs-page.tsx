import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { runsQuery } from '../../api/list-runs.ts';
import { DEFAULT_SPAN, isSpan } from '../../api/moment.ts';
import { RunSearch } from '../../api/run-search.ts';
import { type Action, useActions } from '../../ui/actions.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { momentText } from '../../ui/moment-text.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RunTable } from '../../ui/run-table.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { LiveBar } from './live-bar.tsx';
import { RunFilterBar } from './run-filter-bar.tsx';
import { canFollow, useLiveRuns } from './use-live-runs.ts';

const route = getRouteApi('/shell/runs');

/** What runs now and what ran. */
export function RunsPage() {
  const search = route.useSearch({ select: readSearch, structuralSharing: true });
  const navigate = route.useNavigate();
  const [isLive, setLive] = useState(true);
  const [isPaused, setPaused] = useState(false);
  const isFollowing = isLive && canFollow(search);
  const live = useLiveRuns(search, isFollowing, isPaused);
  const runs = useInfiniteQuery(runsQuery(search));

  const actions = useMemo<Action[]>(
    () => [
      {
        id: 'live-pause',
        title: 'Pause or resume the live list',
        group: 'This page',
        keys: [' '],
        perform: () => setPaused((present) => !present),
      },
      {
        id: 'live-toggle',
        title: 'Switch the live list on or off',
        group: 'This page',
        keys: ['l'],
        perform: () => setLive((present) => !present),
      },
    ],
    [],
  );
  useActions(actions);

  const change = (patch: { [Name in keyof RunSearch]?: RunSearch[Name] | undefined }) =>
    void navigate({ search: (present: RunSearch) => readSearch({ ...present, ...patch }), replace: true });
  const clear = () => void navigate({ search: {} });

  const listed = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const known = new Map(listed.map((run) => [run.id, run]));
  const top = live.rows
    .map((run) => latest(run, known.get(run.id)))
    .filter((run) => search.status === undefined || run.status === search.status);
  const topIds = new Set(top.map(({ id }) => id));
  const rows = [...top, ...listed.filter((run) => !topIds.has(run.id))];
  const added = top.filter((run) => !known.has(run.id)).length;
  const total = (runs.data?.pages.at(-1)?.total ?? 0) + added;
  const isLeast = runs.data?.pages.at(-1)?.totalIsLeast === true;
  const isFiltered = Object.keys(search).length > 0;

  return (
    <Page
      title="Runs"
      summary={
        runs.data === undefined
          ? 'Executions of scripts'
          : `${isLeast ? 'At least ' : ''}${formatCounted(total, 'run')}${isFiltered ? ' match' : ''}${search.until === undefined ? `, started in ${timeText(search.since)}` : ''}, newest first`
      }
    >
      <RunFilterBar search={search} onChange={change} onClear={clear} scriptName={listed[0]?.script.name} />
      <LiveBar
        live={live}
        isOn={isLive}
        canFollow={canFollow(search)}
        isPaused={isPaused}
        onToggle={() => setLive(!isLive)}
        onPause={() => setPaused(!isPaused)}
      />
      {runs.isError ? <ProblemNotice error={runs.error} onRetry={() => void runs.refetch()} /> : null}
      {runs.data === undefined ? (
        runs.isError ? null : (
          <div className="panel">
            <Skeleton lines={12} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <RunTable label="Runs" runs={rows} onFilter={change} fresh={topIds} />
          ) : isFiltered ? (
            <EmptyState title="No run matches these filters">
              <p>There may be runs outside them. Remove a filter above, or all.</p>
              <Button onClick={clear}>Clear filters</Button>
            </EmptyState>
          ) : (
            <EmptyState title="Nothing has run in the last 30 days">
              <p>A run appears here within seconds of its start. Try one on a computer with an agent:</p>
              <CommandLine command="npx sentinel run -- python3 your_script.py" />
            </EmptyState>
          )}
          <ListFoot
            noun="runs"
            shown={rows.length}
            total={total}
            isLeast={isLeast}
            updatedAtMs={runs.dataUpdatedAt}
            hasMore={runs.hasNextPage}
            isLoadingMore={runs.isFetchingNextPage}
            onMore={() => void runs.fetchNextPage()}
          />
        </div>
      )}
    </Page>
  );
}

function timeText(since: RunSearch['since']): string {
  return since !== undefined && !isSpan(since)
    ? `the time after ${momentText(since)}`
    : momentText(since ?? DEFAULT_SPAN);
}

function latest<T extends { readonly revision: number }>(live: T, listed: T | undefined): T {
  return listed === undefined || listed.revision <= live.revision ? live : listed;
}

/** The router hands on parameters that the shape left out: they are dropped here. */
function readSearch(search: unknown): RunSearch {
  return RunSearch.parse(search);
}
