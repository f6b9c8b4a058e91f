import type { ActionOrder, ActionTarget } from '@sentinel/protocol';

/** What an action does, in words, so that nobody signs what they do not understand. */
export function describeOrder(order: ActionOrder): string {
  const until = 'until' in order && order.until !== undefined ? ` until ${order.until.slice(0, 16)}` : '';
  switch (order.kind) {
    case 'stop-run':
      return `end run ${order.runId} and all that it started`;
    case 'quarantine-script':
      return `refuse script version ${order.sha256}${until}${order.endsRuns ? ', and end runs of it' : ''}`;
    case 'isolate-destination':
      return `let no script reach ${order.destination}${until}`;
    case 'decide-approval':
      return order.state === 'approved'
        ? `approve script version ${order.sha256}${until}`
        : `take the approval of script version ${order.sha256} back`;
    case 'lift':
      return `lift order ${order.actionId}`;
    case 'set-mode':
      return order.mode === 'monitor' ? `let policies only report${until}` : 'let policies act again';
    case 'collect-script':
      return `bring script version ${order.sha256} into the vault`;
    case 'rescan':
      return 'look at all environments again';
    case 'flush':
      return 'ship what is spooled';
    case 'rotate-key':
      return 'make a new key of the endpoint';
    case 'diagnostics':
      return 'say how the agent does';
  }
}

/** Where an action is done, in words. */
export function describeTarget({ endpoints, groups }: ActionTarget): string {
  const named = groups.map((group) => (group === '*' ? 'all computers' : `group ${group}`));
  const counted = endpoints.length === 1 ? [`computer ${endpoints[0] ?? ''}`] : [`${endpoints.length} computers`];
  return [...named, ...(endpoints.length === 0 ? [] : counted)].join(', ');
}
