import { isStanding } from '@sentinel/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AskAction } from '../../ui/ask-action.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { actionRequestsQuery, actionsQuery } from './list-actions.ts';
import { SentActions } from './sent-actions.tsx';
import { WaitingActions } from './waiting-actions.tsx';

const EVERYWHERE = { endpoints: [], groups: ['*'] };

/** What endpoints were told to do, by whom, what came of it, and what still holds. */
export function ActionsPage() {
  const requests = useQuery(actionRequestsQuery);
  const actions = useInfiniteQuery(actionsQuery);
  const [destination, setDestination] = useState('');
  const rows = actions.data?.pages.flatMap((page) => page.items) ?? [];
  const total = actions.data?.pages.at(-1)?.total ?? 0;
  const nowMs = actions.dataUpdatedAt;
  const standing = rows.filter(
    ({ order, liftedBy }) =>
      isStanding(order.kind) &&
      liftedBy === undefined &&
      !('until' in order && order.until !== undefined && Date.parse(order.until) <= nowMs),
  );
  const problem = requests.error ?? actions.error;
  return (
    <Page
      title="Actions"
      summary={
        requests.data === undefined
          ? 'What endpoints are told to do'
          : `${formatCounted(requests.data.items.length, 'action')} waiting for a signature, ${formatCounted(standing.length, 'order')} in force`
      }
      actions={
        <AskAction
          label="Isolate a destination"
          hint="No script on any computer reaches it any more, until it is lifted."
          order={() => ({ kind: 'isolate-destination', destination: destination.trim().toLowerCase() })}
          target={EVERYWHERE}
        >
          <label className="field">
            <span className="field__label">Host with all below it, address or net</span>
            <input
              className="input"
              required
              maxLength={253}
              placeholder="files.example.net or 203.0.113.0/24"
              value={destination}
              onChange={(event) => setDestination(event.target.value)}
            />
          </label>
        </AskAction>
      }
    >
      {problem === null ? null : <ProblemNotice error={problem} onRetry={() => void actions.refetch()} />}
      {requests.data === undefined || actions.data === undefined ? (
        problem === null ? (
          <div className="panel">
            <Skeleton lines={8} />
          </div>
        ) : null
      ) : (
        <>
          <WaitingActions requests={requests.data.items} />
          {standing.length === 0 ? null : <SentActions title="In force" actions={standing} canLift />}
          <SentActions
            title="Sent"
            actions={rows}
            total={total}
            onMore={actions.hasNextPage ? () => void actions.fetchNextPage() : undefined}
          />
        </>
      )}
    </Page>
  );
}
