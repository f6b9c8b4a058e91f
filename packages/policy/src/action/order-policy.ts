import { type AgentAction, type CompiledPolicy, Policy } from '@sentinel/protocol';
import { compilePolicy } from '../compile-policy.ts';

/** Id of the policy that standing orders make; no file can have it, because a policy's id has no dot. */
export const ORDER_POLICY_ID = 'sentinel.orders';

/** Acts that a quarantined version is refused. Not `module.import`: its question would be asked at every import of every script. */
const QUARANTINED_ACTS = [
  'ai.request',
  'db.connect',
  'db.query',
  'desktop.use',
  'dns.resolve',
  'file.change',
  'file.open',
  'http.request',
  'mail.send',
  'mcp.call',
  'net.connect',
  'net.listen',
  'process.spawn',
  'storage.call',
];
/** Acts that name the host or the address that they go to. */
const SENDING_ACTS = [
  'ai.request',
  'db.connect',
  'http.request',
  'mail.send',
  'mcp.call',
  'net.connect',
  'storage.call',
];

/**
 * The policy that quarantines and isolations come to, in the same normal form as every other one; undefined where there are
 * none. It is enforced whatever the mode of the endpoint: the mode is about policies, these end when they are lifted.
 */
export function orderPolicy(orders: readonly AgentAction[], nowMs: number): CompiledPolicy | undefined {
  const statements = orders.filter((order) => isInForce(order, nowMs)).flatMap(statementsOf);
  if (statements.length === 0) return undefined;
  const policy = Policy.safeParse({ id: 'orders', version: 1, title: 'Standing orders', mode: 'enforce', statements });
  const compiled = policy.success ? compilePolicy(policy.data).policy : undefined;
  return compiled === undefined ? undefined : { ...compiled, id: ORDER_POLICY_ID };
}

/** Quarantines that hold: what scripts are refused on start, and why. */
export function quarantineText(orders: readonly AgentAction[], nowMs: number): string {
  return orders
    .flatMap((action) => {
      const { order, id } = action;
      if (order.kind !== 'quarantine-script' || !isInForce(action, nowMs)) return [];
      return [`${order.sha256}\t${id}\t${oneLine(action.reason)}\n`];
    })
    .join('');
}

/** When what holds changes next by itself; undefined for never. */
export function nextOrderChangeMs(orders: readonly AgentAction[], nowMs: number): number | undefined {
  const ends = orders.flatMap((order) => endMs(order) ?? []).filter((end) => end > nowMs);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Whether a standing order has not ended by itself. */
export function isInForce(action: AgentAction, nowMs: number): boolean {
  return (endMs(action) ?? Infinity) > nowMs;
}

function endMs({ order }: AgentAction): number | undefined {
  return 'until' in order && order.until !== undefined ? Date.parse(order.until) : undefined;
}

function statementsOf({ id, order, reason, issuedAt }: AgentAction): unknown[] {
  const day = issuedAt.slice(0, 10);
  if (order.kind === 'quarantine-script')
    return [
      {
        id: `quarantine-${id}`,
        activity: QUARANTINED_ACTS,
        effect: 'block',
        severity: 'critical',
        when: `script.sha256 == "${order.sha256}"`,
        explain: `This version of the script is quarantined since ${day}: ${oneLine(reason)}`,
      },
    ];
  if (order.kind !== 'isolate-destination') return [];
  const { destination } = order;
  const common = {
    effect: 'block',
    severity: 'critical',
    explain: `No script may reach ${destination} since ${day}: ${oneLine(reason)}`,
  };
  if (/^[\d./]+$/.test(destination) || destination.includes(':')) {
    const net = destination.includes('/') ? destination : `${destination}/${destination.includes(':') ? 128 : 32}`;
    const named = `server.address.inNet("${net}")`;
    const others = SENDING_ACTS.filter((type) => type !== 'net.connect');
    return [
      {
        ...common,
        id: `isolation-${id}-c`,
        activity: 'net.connect',
        when: `network.peer.address.inNet("${net}") || ${named}`,
      },
      { ...common, id: `isolation-${id}`, activity: others, when: named },
    ];
  }
  return [
    { ...common, id: `isolation-${id}`, activity: SENDING_ACTS, when: `server.address.under("${destination}")` },
    { ...common, id: `isolation-${id}-n`, activity: 'dns.resolve', when: `dns.question.name.under("${destination}")` },
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
