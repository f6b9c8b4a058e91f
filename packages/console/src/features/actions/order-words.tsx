import type { ActionOrder, ActionTarget } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCounted } from '../../ui/format-count.ts';
import { Time } from '../../ui/time.tsx';

/** What an action does, in words. */
export function OrderWords({ order }: { readonly order: ActionOrder }): ReactNode {
  const until =
    'until' in order && order.until !== undefined ? (
      <>
        {' '}
        until <Time iso={order.until} />
      </>
    ) : null;
  switch (order.kind) {
    case 'stop-run':
      return (
        <Link to="/runs/$runId" params={{ runId: order.runId }}>
          End a run and all that it started
        </Link>
      );
    case 'quarantine-script':
      return (
        <>
          Quarantine version <Version sha256={order.sha256} />
          {until}
          {order.endsRuns ? ', and end runs of it' : ''}
        </>
      );
    case 'isolate-destination':
      return (
        <>
          Let no script reach <code>{order.destination}</code>
          {until}
        </>
      );
    case 'decide-approval':
      return order.state === 'approved' ? (
        <>
          Approve version <Version sha256={order.sha256} />
          {until}
        </>
      ) : (
        <>
          Take the approval of version <Version sha256={order.sha256} /> back
        </>
      );
    case 'lift':
      return (
        <>
          Lift order <code>{order.actionId.slice(-12)}</code>
        </>
      );
    case 'set-mode':
      return order.mode === 'monitor' ? <>Let policies only report{until}</> : 'Let policies act again';
    case 'collect-script':
      return (
        <>
          Bring version <Version sha256={order.sha256} /> into the vault
        </>
      );
    case 'rescan':
      return 'Look at all environments again';
    case 'flush':
      return 'Ship what is spooled';
    case 'rotate-key':
      return 'Make a new key of the endpoint';
    case 'diagnostics':
      return 'Say how the agent does';
  }
}

/** Where an action is done, in words. */
export function targetWords({ endpoints, groups }: ActionTarget): string {
  const named = groups.map((group) => (group === '*' ? 'all computers' : `group ${group}`));
  const counted = endpoints.length === 0 ? [] : [formatCounted(endpoints.length, 'computer')];
  return [...named, ...counted].join(', ');
}

function Version({ sha256 }: { readonly sha256: string }) {
  return <code title={sha256}>{sha256.slice(0, 12)}…</code>;
}
