import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { CollectedScript, Run } from '@sentinel/protocol';
import { pino } from 'pino';
import { cleanNotebook } from './clean-notebook.ts';
import { collectScript } from './collect-script.ts';
import { ScriptCollector, type VaultLink } from './script-collector.ts';
import { until } from './testing/agent-process.ts';

const KEY = Buffer.alloc(32, 3);
const PASSWORD = 'Vx7!pq-Lm2#ZtR9w';
const log = pino({ level: 'silent' });
let folder: string;
let queue: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-collect-'));
  queue = join(folder, 'vault');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A vault that keeps what it is given, and can be away. */
class Vault implements VaultLink {
  isAway = false;
  asked = 0;
  readonly kept = new Map<string, CollectedScript>();

  async wanted(candidates: Parameters<VaultLink['wanted']>[0]): ReturnType<VaultLink['wanted']> {
    if (this.isAway) return { kind: 'unreachable', detail: 'away' };
    this.asked++;
    const wanted = candidates.filter(({ sha256, isLibrary }) => !isLibrary && !this.kept.has(sha256));
    return {
      kind: 'ok',
      value: {
        wanted: wanted.map(({ sha256 }) => sha256),
        fingerprintKey: KEY.toString('base64'),
        maxSourceBytes: 10_000,
      },
    };
  }

  async store(script: CollectedScript): ReturnType<VaultLink['store']> {
    if (this.isAway) return { kind: 'unreachable', detail: 'away' };
    this.kept.set(script.sha256, script);
    return { kind: 'ok', value: {} };
  }
}

function runOf(name: string, source: string | Buffer): Run {
  const path = join(folder, name);
  writeFileSync(path, source);
  const sha256 = createHash('sha256').update(source).digest('hex');
  return {
    id: '0198c0de-0000-7000-8000-000000000000',
    revision: 1,
    startKind: 'start',
    status: 'running',
    script: { id: sha256.slice(0, 32), kind: 'file', name, path, sha256, sizeBytes: Buffer.byteLength(source) },
    interpreter: { path: '/usr/bin/python3', implementation: 'cpython', version: '3.11.7', basePrefix: '/usr' },
    environment: { prefix: '/usr', kind: 'base' },
    user: { name: 'ann' },
    hostName: 'desk-1',
    pid: 1,
    parentPid: 1,
    argumentCount: 0,
    argumentShape: '',
    startedAt: '2026-11-20T10:00:00.000Z',
    probe: { version: '0.1.0', dropped: 0, errors: 0 },
  };
}

test('hands a version over once, without its credential', async () => {
  const vault = new Vault();
  const collector = new ScriptCollector({ folder: queue, link: vault, log });
  collector.start();
  const run = runOf('pay.py', `password = "${PASSWORD}"\nprint(1)\n`);
  collector.offer(run);
  collector.offer(run);
  await until('it is kept', () => vault.kept.size === 1);
  collector.offer(run);
  await collector.stop();

  const [kept] = vault.kept.values();
  assert.equal(vault.asked, 1);
  assert.match(kept?.text ?? '', /^password = "SENTINEL_SECRET_[0-9a-f]{12}"\nprint\(1\)\n$/);
  assert.deepEqual(
    readdirSync(queue).filter((name) => name !== 'fingerprint-key.json'),
    [],
  );
});

test('keeps a script that is deleted while no server answers, and never its credential on disk', async () => {
  const vault = new Vault();
  const first = new ScriptCollector({ folder: queue, link: vault, log });
  first.start();
  first.offer(runOf('known.py', 'print(0)\n'));
  await until('the key is known', () => vault.kept.size === 1);
  vault.isAway = true;
  const run = runOf('gone.py', `token = "${PASSWORD}"\nprint(2)\n`);
  first.offer(run);
  const waiting = join(queue, `${run.script.sha256}.json`);
  await until('it waits on disk', () => readdirSync(queue).includes(`${run.script.sha256}.json`));
  assert.equal(readFileSync(waiting, 'utf8').includes(PASSWORD), false);
  rmSync(run.script.path ?? '');
  await first.stop();

  vault.isAway = false;
  const second = new ScriptCollector({ folder: queue, link: vault, log });
  second.start();
  await until('it is kept', () => vault.kept.has(run.script.sha256 ?? ''));
  await second.stop();
  assert.equal(vault.kept.size, 2);
});

test('hands over no library and nothing without a source of its own', async () => {
  const vault = new Vault();
  const collector = new ScriptCollector({ folder: queue, link: vault, log });
  collector.start();
  const library = runOf('__main__.py', 'print("pip")\n');
  collector.offer({
    ...library,
    script: { ...library.script, path: '/usr/lib/python3/dist-packages/pip/__main__.py' },
  });
  const { path: _path, sha256: _sha256, ...command } = library.script;
  collector.offer({ ...library, script: { ...command, kind: 'command' } });
  await until('it was asked for', () => vault.asked === 1);
  await collector.stop();

  assert.equal(vault.kept.size, 0);
});

test('says why a source stays where it is', async () => {
  const options = { fingerprintKey: KEY, maxSourceBytes: 100 };
  const reasonOf = async (run: Run) => {
    const answer = await collectScript(run.script, options);
    return answer.kind === 'refused' ? answer.reason : answer.kind;
  };
  const changed = runOf('changed.py', 'print(1)\n');
  writeFileSync(changed.script.path ?? '', 'print(2)\n');
  const gone = runOf('gone.py', 'print(1)\n');
  rmSync(gone.script.path ?? '');

  assert.deepEqual(
    [
      await reasonOf(changed),
      await reasonOf(gone),
      await reasonOf(runOf('large.py', `x = 1  # ${'a'.repeat(100)}\n`)),
      await reasonOf(runOf('latin.py', Buffer.from([0x23, 0x20, 0xe4, 0x0a]))),
      await reasonOf(runOf('small.py', 'print(1)\n')),
    ],
    [
      'its file is no longer what ran',
      'its file cannot be read',
      'it has more than 100 bytes',
      'it is not written in UTF-8',
      'collected',
    ],
  );
});

test('hands a notebook in as it was saved at the end of its run: code and text, no output, no credential', async () => {
  const cell = (cell_type: string, source: string[], rest: object = {}) => ({
    cell_type,
    source,
    metadata: { x: 1 },
    ...rest,
  });
  const output = { output_type: 'execute_result', data: { 'text/plain': ['Ann Bell, DE89370400440532013000'] } };
  const notebook = (shown: object[], count: number) =>
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' }, widgets: { state: 'big' } },
      cells: [
        cell('markdown', ['# Members']),
        cell('code', ['import os\n', `password = "${PASSWORD}"\n`], {
          execution_count: count,
          outputs: shown,
          id: 'a1',
        }),
      ],
    });
  const started = runOf('members.ipynb', notebook([], 1));
  const { sha256: _saved, ...script } = started.script;
  const ended: Run = { ...started, status: 'ended', script: { ...script, kind: 'notebook' } };
  const vault = new Vault();
  const collector = new ScriptCollector({ folder: queue, link: vault, log });
  collector.start();

  collector.offerEnded(ended);
  await until('it is kept', () => vault.kept.size === 1);
  // Run and saved again: other outputs, the same code.
  writeFileSync(join(folder, 'members.ipynb'), notebook([output], 7));
  collector.offerEnded(ended);
  const other = runOf('after.py', 'print(1)\n');
  collector.offer(other);
  await until('what came after it is kept', () => vault.kept.has(other.script.sha256 ?? ''));
  await collector.stop();

  const notebooks = [...vault.kept.values()].filter(({ kind }) => kind === 'notebook');
  const [kept] = notebooks;
  assert.equal(notebooks.length, 1);
  assert.deepEqual([kept?.kind, kept?.name, kept?.references.length], ['notebook', 'members.ipynb', 1]);
  const { cells, metadata } = JSON.parse(kept?.text ?? '') as { cells: { outputs?: unknown[] }[]; metadata: object };
  assert.deepEqual(
    [cells.length, cells[1]?.outputs, metadata],
    [2, [], { kernelspec: { name: 'python3', display_name: 'Python 3' } }],
  );
  assert.doesNotMatch(kept?.text ?? '', new RegExp(PASSWORD.replaceAll(/\W/g, '\\$&')));
  assert.match(kept?.text ?? '', new RegExp(kept?.references[0]?.reference ?? 'none'));
});

test('takes no output of a notebook along, whatever it showed', () => {
  const shown = JSON.stringify({
    nbformat: 4,
    metadata: {},
    cells: [
      {
        cell_type: 'code',
        source: 'df',
        outputs: [{ data: { 'text/plain': 'Ann Bell' } }],
        attachments: { a: 'Bell' },
      },
      { cell_type: 'raw', source: 'Bell' },
    ],
  });
  const clean = cleanNotebook(shown, (text) => ({ text, references: [] }));
  assert.doesNotMatch(clean?.text ?? '', /Bell/);
  assert.equal(
    cleanNotebook('{"nbformat": 3}', (text) => ({ text, references: [] })),
    undefined,
  );
  assert.equal(
    cleanNotebook(shown, () => undefined),
    undefined,
  );
});
