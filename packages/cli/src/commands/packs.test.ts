import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const SENTINEL = join(import.meta.dirname, '..', '..', 'bin', 'sentinel.js');

describe('sentinel packs', () => {
  let folder: string;
  let key: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-cli-packs-'));
    const answer = { reason: 'reviewed in March', author: 'security@acme.example' };
    writeFileSync(join(folder, 'a.py'), 'eval(x)\nexec(x)\n');
    writeFileSync(
      join(folder, 'acme.json'),
      JSON.stringify({
        kind: 'sentinel-rule-overlay',
        schema: 1,
        name: 'acme',
        version: 3,
        madeAt: '2026-11-01',
        off: [{ rule: 'weak-exec', ...answer, until: '2000-01-01' }],
        allow: [{ rules: ['weak-eval'], path: '**/a.py', ...answer, until: '9999-12-31' }],
      }),
    );
    const signed = sentinel('packs', 'sign', 'acme.json', '--key', 'maker.key');
    assert.equal(signed.status, 0, signed.stderr);
    key = /signed by (\S+)/.exec(signed.stdout)?.[1] ?? '';
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const sentinel = (...args: string[]) =>
    spawnSync(process.execPath, [SENTINEL, ...args], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, SENTINEL_DATA: join(folder, 'data') },
    });

  it('checks who signed, and shows who answers for each change', () => {
    const checked = sentinel('packs', 'check', 'acme.pack', '--trust', key);
    assert.deepEqual(
      [checked.status, checked.stdout.split('\n', 3)],
      [0, ['sound', 'acme 3 of 2026-11-01: 2 changes, 1 of them over', `  signed by ${key}`]],
    );
    const stranger = sentinel('packs', 'check', 'acme.pack');
    assert.deepEqual([stranger.status, /is not trusted here/.test(stranger.stderr)], [1, true]);
    const shown = JSON.parse(sentinel('packs', 'show', 'acme.pack', '--json').stdout) as { name: string };
    assert.equal(shown.name, 'acme');
    assert.match(sentinel('packs', 'show').stdout, /^sentinel-base 2 of .*weakness rules\n/);
  });

  it('shows in an analysis what a pack took out, and what of it is over', () => {
    const run = (...args: string[]) => sentinel('analyse', 'a.py', '--pack', 'acme.pack', ...args);
    const { stdout, stderr } = run('--json', '--trust', key);
    const analysis = JSON.parse(stdout) as {
      weaknesses: { ruleId: string }[];
      suppressed: { ruleId: string; suppressedBy: { author: string } }[];
      packs: { name: string; expired?: string[] }[];
      risk: { packs: string[] };
    };
    assert.deepEqual(
      {
        left: analysis.weaknesses.map(({ ruleId }) => ruleId),
        out: analysis.suppressed.map(({ ruleId, suppressedBy }) => [ruleId, suppressedBy.author]),
        over: analysis.packs.map(({ expired }) => expired),
        versions: analysis.risk.packs,
      },
      {
        left: ['weak-exec'],
        out: [['weak-eval', 'security@acme.example']],
        over: [undefined, ['off weak-exec: ended on 2000-01-01']],
        versions: ['sentinel-base 2', 'acme 3'],
      },
      stderr,
    );
    assert.match(run('--trust', key).stdout, /suppressed .*weak-eval.*\n.*allow by acme 3: reviewed in March/);
    const sarif = JSON.parse(run('--sarif', '--trust', key).stdout) as {
      runs: { results: { ruleId: string; suppressions?: object[] }[] }[];
    };
    assert.deepEqual(
      sarif.runs[0]?.results.filter(({ suppressions }) => suppressions !== undefined).map(({ ruleId }) => ruleId),
      ['weak-eval'],
    );
    const refused = run();
    assert.deepEqual([refused.status, /--pack acme\.pack: .*not trusted/.test(refused.stderr)], [2, true]);
  });

  it('applies a pack in a scan', () => {
    const { status, stderr } = sentinel(
      'scan',
      '--root',
      '.',
      '--format',
      'json',
      '--out',
      'scan.json',
      '--pack',
      'acme.pack',
      '--trust',
      key,
    );
    assert.equal(status, 0, stderr);
    const report = JSON.parse(readFileSync(join(folder, 'scan.json'), 'utf8')) as {
      assessments: { path: string; analysis: { suppressed?: { ruleId: string }[] } }[];
    };
    assert.deepEqual(
      report.assessments.map(({ analysis }) => analysis.suppressed?.map(({ ruleId }) => ruleId)),
      [['weak-eval']],
    );
  });
});
