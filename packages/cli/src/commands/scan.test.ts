import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Analysis, ScanReport } from '@sentinel/protocol';

const SENTINEL = join(import.meta.dirname, '..', '..', 'bin', 'sentinel.js');

let folder: string;
let tree: string;
const sentinel = (...args: string[]) =>
  spawnSync(process.execPath, [SENTINEL, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-scan-cli-'));
  tree = join(folder, 'tree');
  mkdirSync(join(tree, 'sub'), { recursive: true });
  writeFileSync(join(tree, 'job.py'), 'import subprocess, sys\nsubprocess.call("ls " + sys.argv[1], shell=True)\n');
  writeFileSync(join(tree, 'sub', 'plain.py'), 'print(1)\n');
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('sentinel scan', () => {
  it('writes the report where it is told, and nothing else', () => {
    const before = readdirSync(folder);
    const result = sentinel('scan', '--root', tree, '--no-analysis', '--out', join(folder, 'r.json'));
    assert.equal(result.status, 0, result.stderr);
    const report = ScanReport.parse(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')));
    assert.deepEqual(
      report.inventory.scripts.map(({ path }) => path),
      [join(tree, 'job.py'), join(tree, 'sub', 'plain.py')],
    );
    assert.deepEqual(report.analysis, { isIncluded: false, note: 'Analysis was not asked for.' });
    assert.deepEqual(readdirSync(folder).sort(), [...before, 'r.json'].sort());
    assert.equal(result.stdout, '');
    rmSync(join(folder, 'r.json'));
  });

  it('gives analysis and risk of each script', () => {
    const result = sentinel('scan', '--root', tree, '--format', 'json');
    assert.equal(result.status, 0, result.stderr);
    const report = ScanReport.parse(JSON.parse(result.stdout));
    assert.equal(report.analysis.isIncluded, true, report.analysis.note);
    assert.deepEqual(
      report.assessments.map(({ path }) => path),
      [join(tree, 'job.py'), join(tree, 'sub', 'plain.py')],
    );
    const [worst, plain] = report.assessments;
    assert.ok((worst?.risk.score ?? 0) > (plain?.risk.score ?? 0));
    assert.ok(worst?.analysis.weaknesses.some(({ severity }) => severity === 'high' || severity === 'critical'));
  });

  it('prints events as lines of JSON', () => {
    const result = sentinel('scan', '--root', tree, '--no-analysis', '--json');
    const events = result.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; kind?: string });
    assert.deepEqual(
      events.filter(({ event }) => event !== 'progress').map(({ event, kind }) => (event === 'found' ? kind : event)),
      ['scripts', 'scripts', 'done'],
    );
  });

  it('shows what changed since an older report', () => {
    const old = join(folder, 'old.json');
    sentinel('scan', '--root', tree, '--no-analysis', '--out', old);
    writeFileSync(join(tree, 'fresh.py'), 'print(2)\n');
    const result = sentinel('scan', '--root', tree, '--no-analysis', '--format', 'json', '--compare', old);
    const { comparison } = JSON.parse(result.stdout) as { comparison: { scripts: { added: string[] } } };
    assert.deepEqual(comparison.scripts.added, [join(tree, 'fresh.py')]);
    rmSync(join(tree, 'fresh.py'));
    rmSync(old);
  });

  it('keeps a state only where it is told, and starts from it', () => {
    const state = join(folder, 'scan.state');
    sentinel('scan', '--root', tree, '--no-analysis', '--format', 'json', '--state', state);
    const result = sentinel('scan', '--root', tree, '--no-analysis', '--format', 'json', '--state', state, '--resume');
    const report = ScanReport.parse(JSON.parse(result.stdout));
    assert.deepEqual([report.coverage.reusedFolders, report.inventory.scripts.length], [2, 2]);
    rmSync(state);
  });

  it('ends with 130 when it is interrupted, with a state to go on from', async () => {
    const many = join(folder, 'many');
    for (let index = 0; index < 3000; index += 1)
      mkdirSync(join(many, `${index % 30}`, `${index}`), { recursive: true });
    const state = join(folder, 'cut.state');
    const child = spawn(
      process.execPath,
      [SENTINEL, 'scan', '--root', many, '--no-analysis', '--json', '--cpu', '2', '--state', state],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdout.resume();
    child.stderr.resume();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 130);
    assert.ok(existsSync(state));
    const report = ScanReport.parse(
      JSON.parse(
        sentinel('scan', '--root', many, '--no-analysis', '--format', 'json', '--state', state, '--resume').stdout,
      ),
    );
    assert.deepEqual([report.coverage.isComplete, report.coverage.folders], [true, 3031]);
    rmSync(many, { recursive: true });
    rmSync(state);
  });

  it('says 2 for what cannot be meant', () => {
    for (const args of [
      ['--root', join(folder, 'none')],
      ['--resume'],
      ['--compare', SENTINEL],
      ['--resume', '--state', join(folder, 'none')],
    ])
      assert.equal(sentinel('scan', ...args).status, 2, args.join(' '));
  });
});

describe('sentinel analyse', () => {
  it('fails at or above the severity that it is told', () => {
    const codes = [['job.py'], ['job.py', '--fail-on', 'never'], ['sub/plain.py'], ['.'], ['sub']].map(
      ([path = '', ...options]) => sentinel('analyse', join(tree, path), ...options).status,
    );
    assert.deepEqual(codes, [1, 0, 0, 1, 0]);
  });

  it('prints a line of JSON a source, or SARIF', () => {
    const line = JSON.parse(sentinel('analyse', join(tree, 'job.py'), '--json').stdout) as { risk: { score: number } };
    assert.ok(Analysis.parse(line).weaknesses.length > 0);
    assert.ok(line.risk.score > 0);
    const log = JSON.parse(sentinel('analyse', tree, '--sarif').stdout) as {
      version: string;
      runs: { results: unknown[] }[];
    };
    assert.equal(log.version, '2.1.0');
    assert.ok((log.runs[0]?.results.length ?? 0) > 0);
  });

  it('says 2 for what is not there', () => {
    assert.equal(sentinel('analyse', join(folder, 'none.py')).status, 2);
    assert.equal(sentinel('analyse', tree, '--json', '--sarif').status, 2);
  });
});
