import type { ActionDetail, ActionRow } from '@sentinel/protocol';

/** A list of actions as lines. */
export function formatActions(items: readonly ActionRow[], total: number): string {
  if (items.length === 0) return 'No action was sent yet.\n';
  const lines = items.map(({ id, order, createdAt, createdBy, states, reason }) => {
    const counts = Object.entries(states).map(([state, count]) => `${count} ${state}`);
    return `${createdAt.slice(0, 19).replace('T', ' ')}  ${order.kind.padEnd(14)}  ${counts.join(', ').padEnd(16)}  ${createdBy}  ${reason}\n  ${id}`;
  });
  return `${lines.join('\n')}\n${items.length} of ${total}\n`;
}

/** One action, endpoint by endpoint. */
export function formatAction({ id, order, reason, endpoints }: ActionDetail): string {
  const rows = endpoints.map(
    ({ hostName, state, detail }) => `  ${hostName}  ${state}${detail === undefined ? '' : `: ${detail}`}`,
  );
  return `${order.kind}  ${id}\n${reason}\n${rows.join('\n')}\n`;
}

/** Whether every endpoint has said what came of it. */
export function isSettled({ endpoints }: ActionDetail): boolean {
  return endpoints.every(({ state }) => state !== 'asked' && state !== 'sent');
}
