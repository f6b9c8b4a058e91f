import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { verifyBundle } from '@sentinel/policy';

const MAIN = join(import.meta.dirname, '../main.ts');
const LIBRARY = join(import.meta.dirname, '../../../../policies');

let folder: string;

function sentinel(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('sentinel policy', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-policy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('finds nothing to say about the starter library of at least 25 policies, and runs its examples', async () => {
    const { code, stdout } = await sentinel('policy', 'check', '--strict', '--json', LIBRARY);
    const { policies } = JSON.parse(stdout) as {
      policies: { path: string; statements: number; examples: number; problems: unknown[] }[];
    };
    assert.deepEqual(
      policies.flatMap(({ path, problems }) => problems.map((problem) => [path, problem])),
      [],
    );
    assert.equal(code, 0);
    assert.ok(policies.length >= 25);
    assert.ok(policies.every(({ statements, examples }) => examples >= statements));
  });

  it('names faults with file, line, column and what to do, and ends with 1', async () => {
    writeFileSync(
      join(folder, 'bad.yaml'),
      'id: bad\nversion: 1\ntitle: Bad\nstatements:\n  - id: one\n    activity: file.open\n    effect: block\n    when: file.size > 5\n    explain: no\n',
    );
    const { code, stdout } = await sentinel('policy', 'check', 'bad.yaml');
    assert.equal(
      stdout,
      'bad.yaml:7:13: error: one: block comes too late: file.size known only after the act\n' +
        '  use warn or kill, or ask about facts that are known before\n' +
        '1 policy, 1 statements, 0 examples: 1 errors, 0 warnings\n',
    );
    assert.equal(code, 1);
  });

  it('says when an example comes out otherwise', async () => {
    writeFileSync(
      join(folder, 'p.yaml'),
      'id: p\nversion: 1\ntitle: P\nstatements:\n  - id: one\n    activity: file.open\n    effect: warn\n    when: file.path.endsWith(".csv")\n    explain: no\n    match: [{facts: {file.path: a.txt}}]\n    nomatch: [{facts: {file.path: a.csv}}]\n',
    );
    const { code, stdout } = await sentinel('policy', 'check', 'p.yaml');
    assert.equal(code, 1);
    assert.match(stdout, /one: example 1 of match does not match\n.*one: example 1 of nomatch matches\n/);
  });

  it('makes a bundle that two operators sign and that an endpoint takes', async () => {
    const made = await sentinel(
      'policy',
      'sign',
      LIBRARY,
      '--key',
      'ada.key',
      '--organisation',
      'contoso',
      '--bundle-version',
      '3',
      '--json',
    );
    assert.equal(made.code, 0, made.stderr);
    const ada = (JSON.parse(made.stdout) as { operator: string }).operator;
    const both = await sentinel('policy', 'sign', 'policies.bundle', '--key', 'bob.key', '--json');
    const { operator: bob, signatures } = JSON.parse(both.stdout) as { operator: string; signatures: number };
    assert.equal(signatures, 2);
    const text = readFileSync(join(folder, 'policies.bundle'), 'utf8');
    const trust = { organisation: 'contoso', keys: [ada, bob], threshold: 2, groups: [] };
    assert.equal((await verifyBundle(text, trust, Date.now())).bundle?.version, 3);
    assert.equal((await verifyBundle(text, { ...trust, threshold: 3 }, Date.now())).refusal, 'below-threshold');
    const bare = await sentinel('policy', 'sign', LIBRARY, '--key', 'ada.key');
    assert.equal(bare.code, 2);
    assert.match(bare.stderr, /needs --organisation and --bundle-version/);
  });

  it('prints the normal form as JSON and as endpoints read it', async () => {
    const json = await sentinel('policy', 'export', join(LIBRARY, 'listeners.yaml'));
    assert.equal((JSON.parse(json.stdout) as { id: string }[])[0]?.id, 'listeners');
    const text = await sentinel('policy', 'export', '--endpoint', join(LIBRARY, 'listeners.yaml'));
    assert.equal(text.stdout.split('\n')[1], 'P\tlisteners\t1\tmonitor');
    const missing = await sentinel('policy', 'check', 'nowhere');
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /cannot be read/);
  });

  it('takes Sigma rules that fit, leaves others out whole with the reason, and writes policies as Sigma', async () => {
    const rule = (title: string, field: string) =>
      `title: ${title}\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s:\n    ${field}|endswith: '\\certutil.exe'\n  condition: s\n`;
    writeFileSync(join(folder, 'rules.yml'), `${rule('Certutil', 'Image')}---\n${rule('Encoded', 'CommandLine')}`);

    const taken = await sentinel('policy', 'import', 'rules.yml', '--out', 'out');

    assert.equal(
      taken.stdout,
      'rules.yml: Certutil: out/sigma-certutil.yaml\n' +
        'rules.yml: Encoded: left out: the field CommandLine: command lines are not collected, only how many arguments there are and of which shape\n' +
        '1 of 2 rules were taken.\n',
    );
    const checked = await sentinel('policy', 'check', 'out');
    assert.equal(checked.code, 0, checked.stdout);
    const written = await sentinel('policy', 'export', '--sigma', 'out');
    assert.match(
      written.stdout,
      /category: process_creation\n[\s\S]*Image\|endswith: \\certutil\.exe\n {2}condition: selection_0\n/,
    );
    const none = await sentinel('policy', 'import', 'out/sigma-certutil.yaml');
    assert.equal(none.code, 1);
  });
});
