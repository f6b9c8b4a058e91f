import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Analysis, Risk, RuleOverlay } from '@sentinel/protocol';
import { analyseLoaded, loadAnalyser } from '../analyse.ts';
import { seededNumbers } from '../mutate-source.ts';
import { RulePacks } from '../packs/rule-packs.ts';
import { AnalysisPool } from '../pool.ts';
import { bandOf, type RiskFacts, riskOf } from './risk-of.ts';

const CORPUS = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  '..',
  'shared',
  'corpus',
  'scripts',
  'scripts.jsonl.gz',
);
const place = { line: 1, endLine: 1 };
const CAPS = { secrets: 30, 'data-flow': 30, packages: 25, weaknesses: 20, capabilities: 15 } as const;

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

type Next = (limit: number) => number;
type Findings = Pick<Analysis, 'capabilities' | 'flows' | 'secrets' | 'weaknesses' | 'verdicts'>;

function pick<T>(next: Next, all: readonly [T, ...T[]]): T {
  return all[next(all.length)] ?? all[0];
}

/** One finding of any kind by chance. */
function finding(next: Next, number: number): Partial<Findings> {
  const line = { line: 1 + next(500), endLine: 500 };
  const severity = pick(next, ['low', 'medium', 'high', 'critical'] as const);
  const confidence = pick(next, ['low', 'medium', 'high'] as const);
  switch (next(5)) {
    case 0: {
      const ruleId = pick(next, ['secret-aws-access-key', 'secret-assigned', 'secret-in-url']);
      const tier = pick(next, ['high', 'medium', 'info'] as const);
      const secret = { ruleId, title: ruleId, tier, score: next(101) / 100, preview: '', place: line };
      return { secrets: [{ ...secret, fingerprint: `f${number}` }] };
    }
    case 1: {
      const ruleId = pick(next, ['weak-eval', 'weak-assert', 'weak-random', `weak-${number}`]);
      return { weaknesses: [{ ruleId, title: ruleId, severity, confidence, advice: 'mend it', place: line }] };
    }
    case 2: {
      const reaches = ['local', 'share', 'llm-provider', 'personal-cloud', 'mail-outside', 'unknown'] as const;
      const source = {
        kind: pick(next, ['db', 'files.read', 'sap', 'secret']),
        detail: pick(next, ['', 'salary', 'x']),
        place,
      };
      return {
        flows: [{ source, sink: { kind: 'network.http', place: line }, reach: pick(next, reaches), confidence }],
      };
    }
    case 3: {
      const kind = pick(next, ['vulnerable', 'malicious', 'squat', 'unknown-name'] as const);
      const isKnownExploited = next(2) === 0;
      return {
        verdicts: [{ distribution: `d${number}`, kind, advisories: [`A-${number}`], severity, isKnownExploited }],
      };
    }
    default:
      return {
        capabilities: [
          {
            id: pick(next, ['gui.sap', 'camera', 'llm.openai', 'llm.local', 'db.sql', 'x']),
            evidence: [line],
            detail: [],
          },
        ],
      };
  }
}

function merge(a: Analysis, b: Partial<Findings>): Analysis {
  return {
    ...a,
    capabilities: [...a.capabilities, ...(b.capabilities ?? [])],
    flows: [...a.flows, ...(b.flows ?? [])],
    secrets: [...a.secrets, ...(b.secrets ?? [])],
    weaknesses: [...a.weaknesses, ...(b.weaknesses ?? [])],
    verdicts: [...a.verdicts, ...(b.verdicts ?? [])],
  };
}

function someAnalysis(next: Next): Analysis {
  let analysis = clean;
  for (let left = next(40); left > 0; left -= 1) analysis = merge(analysis, finding(next, left));
  return analysis;
}

function someFacts(next: Next): RiskFacts {
  return {
    isScheduled: next(2) === 0,
    isPrivileged: next(2) === 0,
    isOwnerKnown: next(2) === 0,
    isInPersonalCloud: next(2) === 0,
    isReviewed: next(2) === 0,
    endpointCount: next(40),
  };
}

function reversed(analysis: Analysis): Analysis {
  return {
    ...analysis,
    capabilities: analysis.capabilities.toReversed(),
    flows: analysis.flows.toReversed(),
    secrets: analysis.secrets.toReversed(),
    weaknesses: analysis.weaknesses.toReversed(),
    verdicts: analysis.verdicts.toReversed(),
  };
}

function floorOf(analysis: Analysis): number {
  if (analysis.verdicts.some(({ kind }) => kind === 'malicious')) return 90;
  const personal = analysis.flows.some(
    ({ source, reach, confidence }) =>
      source.detail === 'salary' && confidence === 'high' && (reach === 'personal-cloud' || reach === 'mail-outside'),
  );
  if (personal) return 70;
  return analysis.secrets.some(({ ruleId, tier }) => tier === 'high' && ruleId === 'secret-aws-access-key') ? 60 : 0;
}

describe('the risk score, over seeded findings', () => {
  it('adds up, stays in its bounds, caps each dimension and holds each floor', () => {
    for (let seed = 1; seed <= 2_000; seed += 1) {
      const next = seededNumbers(seed);
      const analysis = someAnalysis(next);
      const facts = someFacts(next);
      const risk = Risk.parse(riskOf(analysis, facts));
      const about = `seed ${seed}: ${JSON.stringify(risk.shares)}`;
      assert.equal(
        risk.shares.reduce((sum, { points }) => sum + points, 0),
        risk.score,
        about,
      );
      assert.equal(risk.band, bandOf(risk.score));
      assert.ok(risk.score >= floorOf(analysis), about);
      for (const [dimension, cap] of Object.entries(CAPS)) {
        const points = risk.shares
          .filter((share) => share.dimension === dimension)
          .reduce((sum, share) => sum + share.points, 0);
        // Rounding of each share moves the sum of a dimension by one point at most for each of them.
        const count = risk.shares.filter((share) => share.dimension === dimension).length;
        assert.ok(points <= cap + count, `${dimension} ${points} ${about}`);
      }
    }
  });

  it('never falls with a further finding, whatever its kind', () => {
    for (let seed = 1; seed <= 2_000; seed += 1) {
      const next = seededNumbers(seed);
      const analysis = someAnalysis(next);
      const facts = someFacts(next);
      const more = merge(analysis, finding(next, 1_000));
      const [before_, after_] = [riskOf(analysis, facts).score, riskOf(more, facts).score];
      assert.ok(after_ >= before_, `seed ${seed}: ${before_} to ${after_}`);
    }
  });

  it('is the same in any order of the findings, shares included', () => {
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const next = seededNumbers(seed);
      const analysis = someAnalysis(next);
      const facts = someFacts(next);
      assert.deepEqual(riskOf(reversed(analysis), facts), riskOf(analysis, facts), `seed ${seed}`);
    }
  });

  it('adds up with any points of a company pack', () => {
    const answer = { reason: 'because', author: 'me', until: '2026-12-31' };
    for (let seed = 1; seed <= 500; seed += 1) {
      const next = seededNumbers(seed);
      const reweigh = ['weak-*', 'secret-*', 'camera', 'flow-*', 'A-*'].map((rule) => ({
        rule,
        points: next(31),
        ...answer,
      }));
      const overlay = RuleOverlay.parse({
        kind: 'sentinel-rule-overlay',
        schema: 1,
        name: 'acme',
        version: 1,
        madeAt: '2026-11-20',
        reweigh,
      });
      const packs = new RulePacks({ overlays: [overlay], today: '2026-11-20' });
      const risk = Risk.parse(riskOf(someAnalysis(next), someFacts(next), packs));
      assert.equal(
        risk.shares.reduce((sum, { points }) => sum + points, 0),
        risk.score,
        `seed ${seed}`,
      );
    }
  });
});

describe('the risk score, over the labelled scripts', () => {
  const pool = new AnalysisPool({ workers: 2, timeMs: 20_000 });
  before(loadAnalyser);
  after(() => pool.close());

  it('is the same with the pool and without it', async (context) => {
    if (!existsSync(CORPUS)) {
      context.skip('the labelled corpus (../shared/corpus beside the repository) is not here');
      return;
    }
    const sources = gunzipSync(readFileSync(CORPUS))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Buffer.from((JSON.parse(line) as { text: string }).text));
    const options = { path: 'a.py', fingerprintKey: 'the same' };
    const pooled = await Promise.all(sources.map((bytes) => pool.analyse(bytes, options)));
    for (const [at, bytes] of sources.entries()) {
      const alone = analyseLoaded(bytes, options);
      assert.deepEqual(pooled[at], alone);
      assert.deepEqual(riskOf(pooled[at] ?? clean), riskOf(alone));
    }
    assert.ok(sources.length > 100);
  });
});
