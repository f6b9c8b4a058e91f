import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Analysis, RuleOverlay } from '@sentinel/protocol';
import { analyseLoaded, loadAnalyser } from '../analyse.ts';
import { AnalysisPool } from '../pool.ts';
import { riskOf } from '../risk/index.ts';
import { addedRules } from './added-rules.ts';
import { basePack } from './base-pack.ts';
import { RulePacks } from './rule-packs.ts';

const TODAY = '2026-11-20';
const answer = { reason: 'known and fine', author: 'security@acme.example', until: '2026-11-20' };
const over = { ...answer, until: '2026-11-19' };
const SOURCE = `import os, requests
import acmelib.client as acme
eval(x)
assert x
os.system("rm " + x)
acme.upload(open("salaries.csv").read())
requests.post("https://files.acme.example/up", data=open("report.xlsx", "rb").read())
`;

function packs(changes: Partial<RuleOverlay> | object, today = TODAY): RulePacks {
  const head = { kind: 'sentinel-rule-overlay', schema: 1, name: 'acme', version: 3, madeAt: '2026-11-01' };
  return new RulePacks({ overlays: [RuleOverlay.parse({ ...head, ...changes })], today });
}

function analyse(with_: RulePacks, source = SOURCE, owner?: string): Analysis {
  const added = addedRules(with_);
  const raw = analyseLoaded(Buffer.from(source), { path: '/srv/etl/a.py', added, fingerprintKey: 'key' });
  return Analysis.parse(with_.apply(raw, { path: raw.path, ...(owner === undefined ? {} : { owner }) }));
}

const rulesOf = ({ weaknesses }: Analysis): string[] => weaknesses.map(({ ruleId }) => ruleId);

describe('rule packs', () => {
  before(loadAnalyser);
  const plain = (): Analysis => analyse(packs({}));

  it('carry their versions into analysis and risk', () => {
    const analysis = plain();
    assert.deepEqual(analysis.packs, [
      { name: 'sentinel-base', version: basePack().version },
      { name: 'acme', version: 3 },
    ]);
    assert.deepEqual(riskOf({ ...analysis, advisoryDate: '2026-11-18' }).packs, [
      `sentinel-base ${basePack().version}`,
      'acme 3',
      'advisories 2026-11-18',
    ]);
  });

  it('switch a rule off, and say so', () => {
    const analysis = analyse(packs({ off: [{ rule: 'weak-eval', ...answer }] }));
    assert.deepEqual(
      rulesOf(analysis),
      rulesOf(plain()).filter((id) => id !== 'weak-eval'),
    );
    assert.deepEqual(
      analysis.suppressed,
      [
        {
          kind: 'weakness',
          ruleId: 'weak-eval',
          title: 'Text is evaluated as code',
          place: plain().weaknesses.find(({ ruleId }) => ruleId === 'weak-eval')?.place,
          suppressedBy: { pack: 'acme 3', change: 'off', ...answer },
        },
      ].map((one) => ({ ...one, title: plain().weaknesses.find(({ ruleId }) => ruleId === 'weak-eval')?.title })),
    );
  });

  it('allow by content, path or owner, only where all conditions hold', () => {
    const { sha256 } = plain();
    const isAllowed = (entry: object, owner?: string): boolean => {
      const analysis = analyse(packs({ allow: [{ rules: ['weak-*'], ...answer, ...entry }] }), SOURCE, owner);
      return analysis.weaknesses.length === 0 && (analysis.suppressed ?? []).length > 0;
    };
    assert.deepEqual(
      [
        isAllowed({ sha256 }),
        isAllowed({ sha256: 'f'.repeat(64) }),
        isAllowed({ path: '/srv/**' }),
        isAllowed({ path: '/home/**' }),
        isAllowed({ owner: 'ada' }, 'ada'),
        isAllowed({ owner: 'ada' }, 'bob'),
        isAllowed({ owner: 'ada' }),
        isAllowed({ path: '/srv/**', owner: 'ada' }, 'bob'),
      ],
      [true, false, true, false, true, false, false, false],
    );
  });

  it('do not count after their last day, and say which those are', () => {
    const analysis = analyse(
      packs({ off: [{ rule: 'weak-eval', ...over }], reweigh: [{ rule: 'weak-*', points: 0, ...over }] }),
    );
    assert.deepEqual([rulesOf(analysis), analysis.suppressed], [rulesOf(plain()), undefined]);
    assert.deepEqual(analysis.packs?.[1]?.expired, [
      'off weak-eval: ended on 2026-11-19',
      'reweigh weak-*: ended on 2026-11-19',
    ]);
  });

  it('reweigh severity and points, and the shares still add up', () => {
    const severe = packs({ reweigh: [{ rule: 'weak-eval', severity: 'critical', points: 19, ...answer }] });
    const analysis = analyse(severe);
    const risk = riskOf(analysis, {}, severe);
    assert.equal(analysis.weaknesses.find(({ ruleId }) => ruleId === 'weak-eval')?.severity, 'critical');
    assert.equal(risk.shares.find(({ ruleId }) => ruleId === 'weak-eval')?.points, 19);
    assert.ok(risk.score > riskOf(plain()).score);
    assert.equal(
      risk.shares.reduce((sum, { points }) => sum + points, 0),
      risk.score,
    );
    assert.deepEqual(riskOf(analyse(severe), {}, severe), risk);
  });

  it('take the floor from what weighs less than it would', () => {
    const key = ['AKIA', 'Q3EGRTZ7XHJ5NKPW'].join('');
    const secret = ['wJ4lrXUtnF2MI', 'K7MDENG', 'bPxRfiCYzT9qLmKe8HsA2'].join('/').slice(0, 40);
    const source = `aws_access_key_id = "${key}"\naws_secret_access_key = "${secret}"\n`;
    const light = packs({ reweigh: [{ rule: 'secret-*', points: 1, ...answer }] });
    const [before_, after_] = [riskOf(analyse(packs({}), source)), riskOf(analyse(light, source), {}, light)];
    assert.ok(before_.score >= 60, `${before_.score}`);
    assert.ok(after_.score <= 3, `${after_.score}`);
  });

  it('add calls, secret formats and names', async () => {
    const more = packs({
      addCalls: [
        {
          id: 'acme-upload',
          title: 'Uploads through the old client',
          severity: 'high',
          advice: 'Use the new client.',
          calls: ['acmelib.client.{upload,send}'],
          ...answer,
        },
      ],
      addSecretFormats: [
        { id: 'acme-key', title: 'ACME key', anchors: ['acme_live_'], pattern: 'acme_live_[A-Za-z0-9]{24}', ...answer },
      ],
      addNames: [{ list: 'approved-hosts', names: ['acme.example'], ...answer }],
    });
    const source = `${SOURCE}key = "${['acme_live', 'Zq8Lw3Xc7Vb2Nm5Kj9Hg4Fd6'].join('_')}"\n`;
    const analysis = analyse(more, source);
    assert.deepEqual(
      analysis.weaknesses
        .filter(({ ruleId }) => ruleId === 'acme-upload')
        .map(({ severity, place }) => [severity, place.line]),
      [['high', 6]],
    );
    assert.ok(analysis.secrets.some(({ ruleId }) => ruleId === 'secret-acme-key'));
    const reaches = (of: Analysis): string[] =>
      of.flows.filter(({ sink }) => sink.detail?.includes('acme.example')).map(({ reach }) => reach);
    assert.deepEqual([reaches(plain()).length > 0, new Set(reaches(analysis))], [true, new Set(['approved-cloud'])]);

    const pool = new AnalysisPool({ workers: 1, packs: more.setup });
    try {
      const pooled = await pool.analyse(Buffer.from(source), { path: '/srv/etl/a.py', fingerprintKey: 'key' });
      assert.deepEqual(Analysis.parse(more.apply(pooled, { path: pooled.path })), analysis);
    } finally {
      await pool.close();
    }
  });
});
