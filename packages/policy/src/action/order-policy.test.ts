import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActionOrder, AgentAction, PolicyBundle } from '@sentinel/protocol';
import { approvalText } from '../bundle/effective-policies.ts';
import { endpointText } from '../endpoint-text.ts';
import { makeEvaluator } from '../evaluate.ts';
import { nextOrderChangeMs, orderPolicy, quarantineText } from './order-policy.ts';

const NOW_MS = Date.parse('2026-05-14T12:00:00.000Z');
const SHA256 = 'a'.repeat(64);
let count = 0;

function order(order: ActionOrder, issuedAt = '2026-05-14T10:00:00.000Z'): AgentAction {
  count += 1;
  return {
    format: 1,
    id: `01900000-0000-7000-8000-${String(count).padStart(12, '0')}`,
    organisation: 'contoso',
    issuedAt,
    notAfter: '2027-05-14T10:00:00.000Z',
    target: { endpoints: [], groups: ['*'] },
    order,
    reason: 'sends\nrows',
  };
}

/** Whether acts are stopped, and with which words. */
function judge(orders: readonly AgentAction[], type: string, facts: Record<string, string>): string | undefined {
  const policy = orderPolicy(orders, NOW_MS);
  if (policy === undefined) return undefined;
  // The text of the endpoint takes it like any other.
  assert.match(endpointText([policy]), /^V\t1\nP\tsentinel\.orders\t1\tenforce\n/);
  const { decided } = makeEvaluator([policy]).evaluate(type, facts);
  const statement = policy.statements.find(({ id }) => id === decided?.statementId);
  return statement?.effect === 'block' ? statement.reason : undefined;
}

describe('standing orders as a policy', () => {
  it('are no policy where there are none, or none that stands for it', () => {
    assert.equal(orderPolicy([], NOW_MS), undefined);
    assert.equal(
      orderPolicy([order({ kind: 'decide-approval', sha256: SHA256, state: 'revoked' })], NOW_MS),
      undefined,
    );
    const over = order({ kind: 'isolate-destination', destination: 'a.example', until: '2026-05-14T11:00:00.000Z' });
    assert.equal(orderPolicy([over], NOW_MS), undefined);
  });

  it('stop every act of a quarantined version, and no other version', () => {
    const orders = [order({ kind: 'quarantine-script', sha256: SHA256, endsRuns: false })];
    const reason = 'This version of the script is quarantined since 2026-05-14: sends rows';
    assert.equal(judge(orders, 'file.open', { 'script.sha256': SHA256, 'file.path': '/a' }), reason);
    assert.equal(judge(orders, 'net.connect', { 'script.sha256': SHA256 }), reason);
    assert.equal(judge(orders, 'file.open', { 'script.sha256': 'b'.repeat(64), 'file.path': '/a' }), undefined);
    assert.equal(quarantineText(orders, NOW_MS), `${SHA256}\t${orders[0]?.id}\tsends rows\n`);
  });

  it('stop what goes to a host or below it, its name too, and nothing else', () => {
    const orders = [order({ kind: 'isolate-destination', destination: 'example.net' })];
    const reason = 'No script may reach example.net since 2026-05-14: sends rows';
    assert.equal(judge(orders, 'http.request', { 'server.address': 'files.example.net' }), reason);
    assert.equal(judge(orders, 'dns.resolve', { 'dns.question.name': 'example.net' }), reason);
    assert.equal(judge(orders, 'db.connect', { 'server.address': 'EXAMPLE.net.' }), reason);
    assert.equal(judge(orders, 'http.request', { 'server.address': 'notexample.net' }), undefined);
    assert.equal(judge(orders, 'net.connect', { 'network.peer.address': '10.0.0.1' }), undefined);
  });

  it('stop what goes to an address or into a net, of both families', () => {
    for (const [destination, inside, outside] of [
      ['203.0.113.7', '203.0.113.7', '203.0.113.8'],
      ['203.0.113.0/24', '203.0.113.200', '203.0.114.1'],
      ['2001:db8::/32', '2001:db8::1', '2001:db9::1'],
    ] as const) {
      const orders = [order({ kind: 'isolate-destination', destination })];
      assert.ok(judge(orders, 'net.connect', { 'network.peer.address': inside }), destination);
      assert.ok(judge(orders, 'http.request', { 'server.address': inside }), destination);
      assert.equal(judge(orders, 'net.connect', { 'network.peer.address': outside }), undefined, destination);
    }
  });

  it('say when the next of them ends by itself', () => {
    const [first, second] = ['2026-05-14T13:00:00.000Z', '2026-05-15T13:00:00.000Z'];
    const orders = [
      order({ kind: 'isolate-destination', destination: 'a.example', until: second }),
      order({ kind: 'quarantine-script', sha256: SHA256, endsRuns: false, until: first }),
      order({ kind: 'isolate-destination', destination: 'b.example' }),
    ];
    assert.equal(nextOrderChangeMs(orders, NOW_MS), Date.parse(first));
    assert.equal(nextOrderChangeMs([], NOW_MS), undefined);
  });
});

describe('what was decided of a version', () => {
  const bundle = (state: 'approved' | 'revoked', issuedAt: string) =>
    ({ issuedAt, approvals: [{ sha256: SHA256, state }] }) as unknown as PolicyBundle;
  const decided = (state: 'approved' | 'revoked', issuedAt: string, until?: string) =>
    order({ kind: 'decide-approval', sha256: SHA256, state, ...(until === undefined ? {} : { until }) }, issuedAt);
  const [early, late] = ['2026-05-14T09:00:00.000Z', '2026-05-14T11:00:00.000Z'];

  it('is what operators signed last, in a bundle or as an order', () => {
    assert.equal(approvalText(undefined, NOW_MS, [decided('approved', early)]), `A\t${SHA256}\tapproved\n`);
    assert.equal(
      approvalText(bundle('approved', early), NOW_MS, [decided('revoked', late)]),
      `A\t${SHA256}\trevoked\n`,
    );
    assert.equal(
      approvalText(bundle('approved', late), NOW_MS, [decided('revoked', early)]),
      `A\t${SHA256}\tapproved\n`,
    );
    const both = [decided('approved', early), decided('revoked', late)];
    assert.equal(approvalText(undefined, NOW_MS, both), `A\t${SHA256}\trevoked\n`);
    assert.equal(approvalText(undefined, NOW_MS, both.toReversed()), `A\t${SHA256}\trevoked\n`);
  });

  it('is expired once its end is over', () => {
    const over = decided('approved', early, '2026-05-14T10:00:00.000Z');
    assert.equal(approvalText(undefined, NOW_MS, [over]), `A\t${SHA256}\texpired\n`);
  });
});
