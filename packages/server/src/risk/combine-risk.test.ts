import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { combineParts, combineReasons, type RiskContext, type RiskReason } from './combine-risk.ts';

const DIMENSIONS = ['secrets', 'data-flow', 'packages', 'weaknesses', 'capabilities', 'behaviour'] as const;

/** Reasons in a fixed pseudo-random mix. */
function mix(seed: number): RiskReason[] {
  let state = seed;
  const next = (limit: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % limit;
  };
  return Array.from({ length: next(14) }, (_, at): RiskReason => {
    const dimension = DIMENSIONS[next(DIMENSIONS.length)] ?? 'behaviour';
    return {
      dimension,
      ruleId: `rule-${next(6)}`,
      reason: `reason ${at}`,
      weight: next(300) / 10,
      remedy: `mend ${dimension}`,
      ...(next(12) === 0 ? { floor: 60 } : {}),
    };
  });
}

const more: RiskReason = { dimension: 'behaviour', ruleId: 'new', reason: 'a further finding', weight: 8 };
const context: readonly RiskContext[] = [{ step: 0.1, reason: 'nobody owns it', remedy: 'Name an owner' }];

describe('risk of a script or run', () => {
  it('adds up from its shares, stays within 0 and 100, and does not fall with a further reason', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const reasons = mix(seed);
      const risk = combineReasons(reasons, seed % 2 === 0 ? context : []);
      assert.ok(risk.score >= 0 && risk.score <= 100);
      assert.equal(
        risk.shares.reduce((sum, { points }) => sum + points, 0),
        risk.score,
        `seed ${seed}`,
      );
      assert.ok(combineReasons([...reasons, more], seed % 2 === 0 ? context : []).score >= risk.score, `seed ${seed}`);
      assert.deepEqual(combineReasons(reasons.toReversed(), seed % 2 === 0 ? context : []).score, risk.score);
    }
  });

  it('says of each remedy the score that is true after it', () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const reasons = mix(seed);
      for (const { what, score } of combineReasons(reasons, context).lowers) {
        const left = reasons.filter(({ remedy }) => remedy !== what);
        assert.equal(
          combineReasons(left, what === 'Name an owner' ? [] : context).score,
          score,
          `seed ${seed}: ${what}`,
        );
      }
    }
  });

  it('is nothing without a reason', () => {
    assert.deepEqual(combineReasons([], context), {
      score: 0,
      band: 'low',
      shares: [],
      lowers: [],
      method: 'sentinel-risk 1 with runs 1',
    });
  });
});

describe('risk of a machine, department or company', () => {
  const part = (score: number, name = `script ${score}`) => ({ reason: name, familyId: name, score });

  it('is never below its riskiest script, and never falls with a further one', () => {
    for (const scores of [[60], [60, 60], [10, 20, 30], [0, 0], [100, 100, 1]]) {
      const parts = scores.map((score, at) => part(score, `${at}`));
      const { score, shares } = combineParts(parts);
      assert.ok(score >= Math.max(...scores) && score <= 100);
      assert.ok(combineParts([...parts, part(35, 'one more')]).score >= score);
      assert.equal(
        shares.reduce((sum, { points }) => sum + points, 0),
        score,
      );
    }
  });

  it('is that of the script where there is only one', () => {
    assert.deepEqual([combineParts([part(47)]).score, combineParts([]).score], [47, 0]);
  });
});
