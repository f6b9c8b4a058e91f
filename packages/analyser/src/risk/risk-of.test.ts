import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Analysis, Risk } from '@sentinel/protocol';
import { riskOf } from './risk-of.ts';

const place = { line: 3, endLine: 3 };
const clean: Analysis = {
  path: 'a.py',
  sha256: '0'.repeat(64),
  language: 'python3',
  parse: 'clean',
  imports: [],
  capabilities: [],
  flows: [],
  hosts: [],
  secrets: [],
  weaknesses: [],
  packages: [],
  verdicts: [],
  unresolved: { calls: 0, reasons: [] },
  failures: [],
};
const liveKey: Analysis['secrets'][number] = {
  ruleId: 'secret-aws-access-key',
  title: 'AWS access key',
  tier: 'high',
  score: 1,
  fingerprint: 'f1',
  preview: 'AK…Q',
  place,
};
const weakness = (severity: 'low' | 'medium' | 'high' | 'critical', line: number): Analysis['weaknesses'][number] => ({
  ruleId: `weak-${severity}`,
  title: `a ${severity} weakness`,
  severity,
  confidence: 'high',
  advice: 'mend it',
  place: { line, endLine: line },
});
const malicious: Analysis['verdicts'][number] = {
  distribution: 'colourama',
  kind: 'malicious',
  advisories: ['MAL-1'],
  severity: 'critical',
  isKnownExploited: false,
};
const personalFlow: Analysis['flows'][number] = {
  source: { kind: 'db', detail: 'patient table', place },
  sink: { kind: 'cloud.dropbox', place },
  reach: 'personal-cloud',
  confidence: 'high',
};

/** Findings in a fixed pseudo-random mix. */
function mix(seed: number): Analysis {
  let state = seed;
  const next = (limit: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % limit;
  };
  const severities = ['low', 'medium', 'high', 'critical'] as const;
  return {
    ...clean,
    weaknesses: Array.from({ length: next(12) }, (_, index) => weakness(severities[next(4)] ?? 'low', index + 1)),
    secrets: Array.from({ length: next(4) }, (_, index) => ({
      ...liveKey,
      tier: next(2) === 0 ? 'medium' : 'high',
      fingerprint: `f${index}`,
    })),
    flows: next(2) === 0 ? [] : [personalFlow],
    verdicts: next(5) === 0 ? [malicious] : [],
    capabilities: [
      { id: ['gui.sap', 'process', 'network.http', 'camera'][next(4)] ?? 'db', evidence: [place], detail: [] },
    ],
  };
}

describe('the risk of a script', () => {
  it('is 0 without any reason for a script that does nothing', () => {
    assert.deepEqual(riskOf(clean), { score: 0, band: 'low', shares: [], method: 'sentinel-risk 1' });
  });

  it('names each share, and a live key never falls below 60', () => {
    assert.deepEqual(riskOf({ ...clean, secrets: [liveKey] }), {
      score: 60,
      band: 'high',
      shares: [
        {
          dimension: 'floor',
          ruleId: 'secret-aws-access-key',
          reason: 'never below 60: credential in the source: AWS access key',
          points: 35,
        },
        {
          dimension: 'secrets',
          ruleId: 'secret-aws-access-key',
          reason: 'credential in the source: AWS access key',
          place,
          points: 25,
        },
      ],
      method: 'sentinel-risk 1',
    });
  });

  it('holds the other floors', () => {
    assert.equal(riskOf({ ...clean, verdicts: [malicious] }).score, 90);
    assert.equal(riskOf({ ...clean, flows: [personalFlow] }).score, 70);
  });

  it('lets no heap of small weaknesses outweigh one critical', () => {
    const heap = riskOf({ ...clean, weaknesses: Array.from({ length: 50 }, (_, index) => weakness('low', index + 1)) });
    const one = riskOf({ ...clean, weaknesses: [weakness('critical', 1)] });
    assert.ok(heap.score < one.score, `${heap.score} < ${one.score}`);
  });

  it('gives no points for placeholders and counts a value once', () => {
    assert.equal(riskOf({ ...clean, secrets: [{ ...liveKey, tier: 'info' }] }).score, 0);
    assert.deepEqual(riskOf({ ...clean, secrets: [liveKey, liveKey] }), riskOf({ ...clean, secrets: [liveKey] }));
  });

  it('rises on a schedule and falls after a review', () => {
    const analysis = {
      ...clean,
      weaknesses: [weakness('critical', 1)],
      capabilities: [{ id: 'camera', evidence: [place], detail: [] }],
    };
    const scores = [{ isReviewed: true }, {}, { isScheduled: true, isPrivileged: true }].map(
      (facts) => riskOf(analysis, facts).score,
    );
    assert.deepEqual(scores, [16, 23, 28]);
  });

  it('adds up, stays within 0 and 100, and does not fall with a further finding', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const analysis = mix(seed);
      const facts = { isScheduled: seed % 2 === 0, isReviewed: seed % 3 === 0, isOwnerKnown: seed % 5 !== 0 };
      const risk = Risk.parse(riskOf(analysis, facts));
      assert.equal(
        risk.shares.reduce((sum, { points }) => sum + points, 0),
        risk.score,
      );
      const more: Analysis = { ...analysis, weaknesses: [...analysis.weaknesses, weakness('medium', 99)] };
      assert.ok(riskOf(more, facts).score >= risk.score, `seed ${seed}`);
      const reordered: Analysis = {
        ...analysis,
        weaknesses: analysis.weaknesses.toReversed(),
        secrets: analysis.secrets.toReversed(),
      };
      assert.equal(riskOf(reordered, facts).score, risk.score);
    }
  });
});
