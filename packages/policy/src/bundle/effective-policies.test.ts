import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompiledPolicy, PolicyBundle } from '@sentinel/protocol';
import { readPolicy } from '../read-policy.ts';
import { approvalText, effectivePolicies } from './effective-policies.ts';
import { isInRing } from './ring-place.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const endpoints = Array.from({ length: 400 }, (_, index) => `endpoint-${index}`);

test('enforces a new version inside its ring only; elsewhere it reports and the old one holds', () => {
  const content = bundle({
    policies: [policy(1), policy(2)],
    rollouts: [{ policyId: 'data', version: 2, percent: 10 }],
  });

  const shares = [{ policyId: 'data', version: 2, percent: 50 }];

  for (const endpointId of endpoints) {
    const found = effectivePolicies(content, NOW_MS, { endpointId, shares }).map(
      ({ version, mode }) => `${version} ${mode}`,
    );
    assert.deepEqual(found, isInRing('data', endpointId, 10) ? ['2 enforce'] : ['1 enforce', '2 monitor'], endpointId);
  }
  assert.ok(endpoints.some((id) => isInRing('data', id, 10)));
});

test('lets the server make a ring smaller, never larger, and only where operators signed a rollout', () => {
  const inside = endpoints.find((id) => isInRing('data', id, 10)) ?? '';
  const outside = endpoints.find((id) => !isInRing('data', id, 10)) ?? '';
  const share = (percent: number, version = 2) => [{ policyId: 'data', version, percent }];
  const modesOf = (content: PolicyBundle, endpointId: string, shares: ReturnType<typeof share>) =>
    effectivePolicies(content, NOW_MS, { endpointId, shares }).map(({ mode }) => mode);
  const rolledOut = bundle({ policies: [policy(2)], rollouts: [{ policyId: 'data', version: 2, percent: 10 }] });

  assert.deepEqual(modesOf(rolledOut, inside, share(0)), ['monitor']);
  assert.deepEqual(modesOf(rolledOut, inside, share(10)), ['enforce']);
  assert.deepEqual(modesOf(rolledOut, inside, share(10, 1)), ['monitor'], 'a share of another version says nothing');
  assert.deepEqual(modesOf(rolledOut, inside, []), ['monitor'], 'who has not heard does not enforce');
  assert.deepEqual(modesOf(rolledOut, outside, share(100)), ['monitor']);
  assert.deepEqual(modesOf(bundle({ policies: [policy(2)] }), inside, share(0)), ['enforce']);
});

test('tells approvals as the probe reads them, expired from their end on', () => {
  const sha = (letter: string) => letter.repeat(64);
  const approvals = [
    { sha256: sha('a'), state: 'approved' as const, until: '2026-11-20T12:00:01.000Z' },
    { sha256: sha('b'), state: 'pending' as const },
  ];

  assert.equal(approvalText(bundle({ approvals }), NOW_MS), `A\t${sha('a')}\tapproved\nA\t${sha('b')}\tpending\n`);
  assert.match(approvalText(bundle({ approvals }), NOW_MS + 1000), /^A\ta+\texpired\n/);
});

function policy(version: number): CompiledPolicy {
  const read = readPolicy(
    `{id: data, version: ${version}, title: T, mode: enforce, statements: [{id: s, activity: file.open, effect: block, explain: x}]}`,
  );
  if (read.compiled === undefined) throw new Error(JSON.stringify(read.faults));
  return read.compiled;
}

function bundle(over: Partial<PolicyBundle>): PolicyBundle {
  return {
    format: 1,
    organisation: 'contoso',
    version: 1,
    issuedAt: '2026-11-20T11:00:00.000Z',
    notAfter: '2026-12-20T11:00:00.000Z',
    groups: ['*'],
    isObserveOnly: false,
    policies: [],
    waivers: [],
    ...over,
  };
}
