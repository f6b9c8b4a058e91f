import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface DemoOutput {
  readonly ok: boolean;
  readonly agentRunning: boolean;
  readonly scenarios: readonly {
    readonly number: number;
    readonly exitCode: number | null;
    readonly did: readonly string[];
    readonly found: readonly { readonly ruleId: string; readonly evidence: readonly unknown[] }[];
    readonly runId?: string;
    readonly problem?: string;
  }[];
}

const BIN = fileURLToPath(new URL('../packages/cli/bin/sentinel.js', import.meta.url));
const PATIENTS = 20_000;
/** Rules that each scenario raises: what the design lists, and the credential that stands in the fourth script. */
const FOUND = [
  ['bulk-read', 'run-outside-hours', 'sap-gui-automation', 'script-unreviewed', 'sensitive-data-to-personal-cloud'],
  [
    'database-direct-write',
    'hardcoded-credential',
    'hardcoded-credential-used',
    'owner-unknown',
    'sensitive-file-read',
  ],
  ['bulk-read', 'sensitive-copy-left', 'vulnerable-package-imported'],
  [
    'hardcoded-credential',
    'hardcoded-credential-used',
    'llm-provider-unapproved',
    'personal-data-in-prompt',
    'secret-in-prompt',
  ],
  ['schedule-without-living-owner', 'script-without-living-owner'],
];

let data: string;

before(() => {
  data = mkdtempSync(join(tmpdir(), 'sentinel-demo-'));
});

after(() => {
  rmSync(data, { recursive: true, force: true });
});

test('says what to install where there is no Python', async () => {
  const { code, err } = await sentinel(['--python', join(data, 'no-such-python')]);

  assert.equal(code, 1);
  assert.match(err, /is not a Python 3\.9 or newer/);
});

test('says how to go on where there is no package index', async () => {
  const { code, err } = await sentinel(['--scenario', '1'], { PIP_NO_INDEX: '1', PIP_FIND_LINKS: data });

  assert.equal(code, 1);
  assert.match(err, /PIP_INDEX_URL/);
  assert.match(err, /PIP_FIND_LINKS/);
});

test('goes on with the interrupted installation and plays all five scripts', async () => {
  const madeAt = statSync(join(data, 'demo', 'python', 'pyvenv.cfg')).mtimeMs;

  const { code, out, err } = await sentinel(['--patients', String(PATIENTS), '--json']);

  const result = JSON.parse(out) as DemoOutput;
  assert.deepEqual(
    result.scenarios.map(({ number, exitCode, problem }) => ({ number, exitCode, problem })),
    [1, 2, 3, 4, 5].map((number) => ({ number, exitCode: 0, problem: undefined })),
  );
  const found = result.scenarios.map((scenario) => scenario.found.map(({ ruleId }) => ruleId).sort());
  assert.deepEqual(found, FOUND);
  assert.ok(result.scenarios.every((scenario) => scenario.found.every(({ evidence }) => evidence.length > 0)));
  assert.equal(code, 0);
  assert.equal(err, '', 'no progress in a pipe');
  assert.equal(result.ok, true);
  assert.equal(result.agentRunning, false);
  assert.equal(statSync(join(data, 'demo', 'python', 'pyvenv.cfg')).mtimeMs, madeAt, 'the environment was kept');
});

test('scripts leave behind what their people wanted', () => {
  const people = join(data, 'demo', 'people');
  const exports = join(people, 'finance', 'OneDrive - Personal', 'GL exports');
  const [workbook = ''] = readdirSync(exports);
  assert.match(workbook, /^GL_1000_\d{8}\.xlsx$/);
  assert.ok(statSync(join(exports, workbook)).size > 500_000);

  using erp = new DatabaseSync(join(data, 'demo', 'databases', 'erp.sqlite'), { readOnly: true });
  assert.deepEqual({ ...erp.prepare('SELECT count(*) AS invoices FROM invoices').get() }, { invoices: 119 });
  assert.deepEqual({ ...erp.prepare('SELECT count(iban) AS ibans FROM vendors').get() }, { ibans: 6 });

  const cleaned = readFileSync(join(people, 'clinical', 'export', 'patients_clean.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(cleaned.length - 1, PATIENTS - Math.floor(PATIENTS / 997) - Math.floor(PATIENTS / 1009));
  assert.ok(!existsSync(join(people, 'clinical', 'export', 'patients_raw.csv')));

  const summary = readFileSync(join(people, 'marketing', 'summary.md'), 'utf8');
  assert.match(summary, /\*\*Late deliveries\*\*: mentioned 23 times/);
});

test('probe reports rows, files, hosts, programs and library versions', () => {
  const kinds = (name: string) => {
    const report = JSON.parse(readFileSync(join(data, 'demo', 'reports', `${name}.json`), 'utf8')) as {
      activities: { type: string; rows: number; attributes: Record<string, unknown> }[];
    };
    return report.activities;
  };
  const rowsRead = (name: string) =>
    kinds(name)
      .filter(({ type, attributes }) => type === 'db.query' && attributes['db.operation.name'] === 'SELECT')
      .reduce((sum, { rows }) => sum + rows, 0);
  const targets = (name: string, type: string, attribute: string) =>
    kinds(name)
      .filter((activity) => activity.type === type)
      .map(({ attributes }) => String(attributes[attribute]));

  assert.ok(rowsRead('finance') >= 15_000);
  assert.ok(targets('finance', 'file.open', 'file.path').some((path) => path.includes('OneDrive - Personal')));
  assert.ok(targets('finance', 'process.spawn', 'process.executable.name').length > 0);
  assert.ok(targets('finance', 'module.import', 'sentinel.distribution.name').includes('sentinel-demo-win32com'));
  assert.equal(
    targets('accounts-payable', 'file.open', 'file.path').filter((path) => path.endsWith('.eml')).length,
    12,
  );
  assert.ok(targets('accounts-payable', 'net.connect', 'network.transport').includes('tcp'));
  assert.ok(rowsRead('clinical') >= PATIENTS);
  const jinja = kinds('clinical').find(({ attributes }) => attributes['sentinel.distribution.name'] === 'jinja2');
  assert.equal(jinja?.attributes['sentinel.distribution.version'], '3.1.2');
  assert.ok(targets('marketing', 'module.import', 'sentinel.module.name').includes('openai'));
  assert.ok(targets('marketing', 'net.connect', 'network.transport').includes('tcp'));
});

test('plays a chosen script again and tells it in plain words', async () => {
  const { code, out } = await sentinel(['--scenario', '1']);

  assert.equal(code, 0);
  assert.match(out, /Finance analyst: nightly general-ledger export {2}\(done in/);
  assert.match(out, /stand-ins/);
  assert.match(out, /No agent runs on .*npm start/s);
  assert.doesNotMatch(out, /Marketing/);
});

test('leaves nothing outside its folder and no lock', () => {
  assert.deepEqual(readdirSync(data).sort(), ['demo', 'probe']);
  assert.ok(!existsSync(join(data, 'demo', 'lock')));
  assert.ok(!existsSync(join(data, 'demo', 'pip-cache')));
});

async function sentinel(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [BIN, 'demo', '--data', data, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}
