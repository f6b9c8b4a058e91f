import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyHealth } from '@sentinel/protocol';
import { nextStep, RING_SOAK_MS, SHADOW_SOAK_MS, type StepQuestion, stepBack } from './next-step.ts';

const NOW_MS = Date.UTC(2026, 10, 20);
const healthy: PolicyHealth = {
  since: '2026-11-19T00:00:00.000Z',
  percent: 1,
  hits: 0,
  objections: 0,
  agentErrors: 0,
  isHealthy: true,
  breaches: [],
  checkedAt: '2026-11-20T00:00:00.000Z',
};
const question: StepQuestion = {
  stage: 'shadow',
  percent: 0,
  stageSinceMs: NOW_MS - SHADOW_SOAK_MS,
  mode: 'enforce',
  needsApproval: true,
  isApproved: true,
  health: healthy,
  rival: undefined,
  isEarly: false,
};

test('goes from simulated to enforced through shadow and every ring', () => {
  const seen: string[] = [];
  let at: Pick<StepQuestion, 'stage' | 'percent'> = { stage: 'simulated', percent: 0 };
  for (let step = 0; step < 10 && at.stage !== 'enforced'; step += 1) {
    const next = nextStep({ ...question, ...at }, NOW_MS);
    assert.equal(next.gate, undefined);
    if (next.stage === undefined) return;
    at = next;
    seen.push(`${at.stage} ${at.percent}`);
  }
  assert.deepEqual(seen, ['shadow 0', 'rollout 1', 'rollout 10', 'rollout 50', 'rollout 100', 'enforced 100']);
});

test('takes a policy that only monitors from shadow into force without a second person', () => {
  assert.deepEqual(nextStep({ ...question, mode: 'monitor', needsApproval: false, isApproved: undefined }, NOW_MS), {
    stage: 'enforced',
    percent: 100,
  });
});

test('shuts the gate without simulation, second person, health or time, and beside another version on its way', () => {
  const ring = { ...question, stage: 'rollout', percent: 1 } as const;
  const cases: [Partial<StepQuestion>, RegExp][] = [
    [{ stage: 'draft' }, /not been simulated/],
    [{ stage: 'simulated', rival: 3 }, /Version 3 is on its way/],
    [{ isApproved: undefined }, /second person must agree/],
    [{ isApproved: false }, /second person refused/],
    [{ health: { ...healthy, isHealthy: false, breaches: ['Too many hits.'] } }, /not healthy: Too many hits/],
    [{ stageSinceMs: NOW_MS - SHADOW_SOAK_MS + 1 }, /watched for 1 more hours/],
    [{ ...ring, stageSinceMs: NOW_MS - RING_SOAK_MS + 7_200_000 }, /watched for 2 more hours/],
    [{ ...ring, isApproved: undefined, isEarly: true }, /second person must agree/],
    [{ stage: 'enforced' }, /in force everywhere/],
    [{ stage: 'withdrawn' }, /was withdrawn/],
  ];
  for (const [over, expected] of cases) assert.match(nextStep({ ...question, ...over }, NOW_MS).gate ?? '', expected);
  assert.equal(nextStep({ ...question, stageSinceMs: NOW_MS, isEarly: true }, NOW_MS).gate, undefined);
});

test('steps back ring by ring, and from the first one to shadow', () => {
  assert.deepEqual(
    [100, 50, 10, 1].map((percent) => stepBack(percent)),
    [
      { stage: 'rollout', percent: 50 },
      { stage: 'rollout', percent: 10 },
      { stage: 'rollout', percent: 1 },
      { stage: 'shadow', percent: 0 },
    ],
  );
});
