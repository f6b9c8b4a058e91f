import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ComponentType, useEffect, useRef } from 'react';
import { overviewQuery } from '../../api/get-overview.ts';
import { endpointsQuery } from '../../api/list-endpoints.ts';
import { recentRunsQuery } from '../../api/list-runs.ts';
import { useRunStream } from '../../api/use-run-stream.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RunTable } from '../../ui/run-table.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StreamBadge } from '../../ui/stream-badge.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { BoardPanel } from './board-panel.tsx';
import { FirstSteps } from './first-steps.tsx';
import { NumberStrip } from './number-strip.tsx';
import { RankedPanel } from './ranked-panel.tsx';
import { RunsByHour } from './runs-by-hour.tsx';

const RECENT_RUNS = 8;
/** News ask for new numbers at most this often. */
const REFRESH_MS = 1000;

interface Props {
  /** The button of the demo, which is a feature of its own. */
  readonly demoButton: ComponentType<{
    readonly demo: { readonly available: boolean; readonly running: boolean };
    readonly look: 'plain' | 'primary';
  }>;
}

/** What runs now, what ran, where, and what it touched. */
export function OverviewPage({ demoButton: DemoButton }: Props) {
  const overview = useQuery(overviewQuery);
  const endpoints = useQuery(endpointsQuery());
  const recent = useQuery(recentRunsQuery({}, RECENT_RUNS));
  const refresh = useRefresh();
  const stream = useRunStream({}, true, { onRuns: refresh, onDropped: refresh, onOpen: refresh });

  if (overview.isError && overview.data === undefined) {
    return (
      <Page title="Overview">
        <ProblemNotice error={overview.error} onRetry={() => void overview.refetch()} />
      </Page>
    );
  }
  if (overview.data === undefined) {
    return (
      <Page title="Overview">
        <Skeleton lines={8} height={24} />
      </Page>
    );
  }

  const data = overview.data;
  const isNew = data.scripts === 0 && data.runs24h === 0 && data.runsNow === 0;
  const lastSeen = endpoints.data?.items
    .map((endpoint) => endpoint.lastSeenAt)
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const coverage = (
    <>
      From{' '}
      <Link to="/machines">
        {data.endpoints.reporting} of {data.endpoints.known} known machines
      </Link>
      {lastSeen === undefined ? null : (
        <>
          , last sign of life <Ago iso={lastSeen} />
        </>
      )}
      . As of <Time iso={data.generatedAt} />.
    </>
  );

  if (isNew) {
    return (
      <Page title="Overview" summary={coverage}>
        <FirstSteps
          endpoints={data.endpoints}
          demo={data.demo.available ? <DemoButton demo={data.demo} look="primary" /> : undefined}
          isDemoRunning={data.demo.running}
        />
      </Page>
    );
  }
  return (
    <Page title="Overview" summary={coverage} actions={<DemoButton demo={data.demo} look="plain" />}>
      {overview.isError ? <ProblemNotice error={overview.error} onRetry={() => void overview.refetch()} /> : null}
      <NumberStrip overview={data} />
      <BoardPanel />
      <RunsByHour hours={data.runsByHour} />
      <div className="columns rankings">
        <RankedPanel
          title="Destinations"
          note="7 days, most bytes sent first"
          noun="Host"
          items={data.hosts}
          measure={{ title: 'Sent', of: (item) => item.bytesOut, format: formatBytes }}
          search={(name) => ({ target: name, since: '7d' })}
          empty="No network traffic was seen."
        />
        <RankedPanel
          title="Databases"
          note="7 days"
          noun="Database"
          items={data.databases}
          search={(name) => ({ target: name, since: '7d' })}
          empty="No database was used."
        />
        <RankedPanel
          title="Libraries"
          note="7 days, imported at run time"
          noun="Library"
          items={data.libraries}
          search={(name) => ({ library: name, since: '7d' })}
          empty="No library beyond the standard one was imported."
        />
      </div>
      <Panel
        title="Recent runs"
        note={
          <span className="panel__links">
            <StreamBadge state={stream} />
            <Link to="/runs">All runs</Link>
          </span>
        }
      >
        {recent.data === undefined ? (
          <Skeleton lines={RECENT_RUNS} />
        ) : (
          <RunTable label="Recent runs" runs={recent.data.items} width="short" />
        )}
      </Panel>
    </Page>
  );
}

/** Asks for the numbers and the recent runs again, not more often than once a second. */
function useRefresh(): () => void {
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queryClient.invalidateQueries({ queryKey: overviewQuery.queryKey });
      void queryClient.invalidateQueries({ queryKey: ['recent-runs'] });
    }, REFRESH_MS);
  };
}
