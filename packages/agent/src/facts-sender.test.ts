import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Run, ScriptFacts } from '@sentinel/protocol';
import { pino } from 'pino';
import { type FactsLink, FactsSender } from './facts-sender.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-facts-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SOURCE = `import requests
PASSWORD = "Tr0ub4dor-and-3xtra"
requests.post("https://erp.corp/login", json={"password": PASSWORD})
`;

function runOf(name: string, source: string): Run {
  const path = join(folder, name);
  writeFileSync(path, source);
  const sha256 = createHash('sha256').update(source).digest('hex');
  return {
    id: '01890000-0000-7000-8000-000000000001',
    revision: 1,
    startKind: 'start',
    status: 'running',
    script: { id: sha256.slice(0, 32), kind: 'file', name, path, sha256 },
    interpreter: { path: '/usr/bin/python3', implementation: 'cpython', version: '3.11.2', basePrefix: '/usr' },
    environment: { prefix: '/usr', kind: 'base' },
    user: { name: 'ann' },
    hostName: 'desk-1',
    pid: 4,
    parentPid: 1,
    argumentCount: 0,
    argumentShape: '',
    startedAt: '2026-11-20T10:00:00.000Z',
    probe: { version: '0.1.0', dropped: 0, errors: 0 },
  };
}

/** A server that knows nothing but what it was told; unreachable so many times first. */
class KnownServer implements FactsLink {
  readonly asked: string[] = [];
  readonly facts: ScriptFacts[] = [];
  readonly #told = Promise.withResolvers<void>();
  #failures: number;
  readonly #wantedFacts: number;

  constructor(wantedFacts: number, failures = 0) {
    this.#wantedFacts = wantedFacts;
    this.#failures = failures;
  }

  get told(): Promise<void> {
    return this.#told.promise;
  }

  async wanted(sha256: readonly string[]) {
    if (this.#failures > 0) {
      this.#failures -= 1;
      return { kind: 'unreachable', detail: 'nobody there' } as const;
    }
    this.asked.push(...sha256);
    return { kind: 'ok', value: { wanted: sha256, fingerprintKey: 'a2V5' } } as const;
  }

  async send(facts: readonly ScriptFacts[]) {
    this.facts.push(...facts.map((one) => ScriptFacts.parse(JSON.parse(JSON.stringify(one)))));
    if (this.facts.length >= this.#wantedFacts) this.#told.resolve();
    return { kind: 'ok', value: {} } as const;
  }
}

test('tells facts of a version once, and no part of its text or its credentials', async () => {
  const link = new KnownServer(1, 1);
  const sender = new FactsSender({ link, dataFolder: folder, log: pino({ level: 'silent' }) });
  const run = runOf('login.py', SOURCE);
  sender.start();

  sender.offer(run);
  await link.told;
  sender.offer(run);
  await sender.stop();

  const [facts] = link.facts;
  assert.equal(link.facts.length, 1);
  assert.deepEqual(link.asked, [run.script.sha256]);
  assert.match(facts?.familyHash ?? '', /^f1:[0-9a-f]{32}$/);
  assert.equal(facts?.author, userInfo().username);
  assert.deepEqual(
    facts?.analysis.secrets.map(({ name, preview, place }) => [name, preview, place.line]),
    [['PASSWORD', '', 2]],
  );
  assert.deepEqual(facts?.secretUses[0]?.statements, [{ from: 3, to: 3, isDirect: true }]);
  assert.ok(facts.risk.score > 0);
  assert.ok(!JSON.stringify(facts).includes('Tr0ub4dor'));
});

test('leaves out what changed after it ran, and libraries, and goes on', async () => {
  const link = new KnownServer(1);
  const sender = new FactsSender({ link, dataFolder: folder, log: pino({ level: 'silent' }) });
  const changed = runOf('changed.py', 'print(1)\n');
  writeFileSync(join(folder, 'changed.py'), 'print(2)\n');
  const library = runOf('library.py', 'print(3)\n');
  const last = runOf('last.py', 'print(4)\n');
  sender.start();

  sender.offer(changed);
  sender.offer({ ...library, script: { ...library.script, kind: 'module', path: '/usr/lib/python3.11/runpy.py' } });
  sender.offer(last);
  await link.told;
  await sender.stop();

  assert.deepEqual(
    link.facts.map(({ sha256 }) => sha256),
    [last.script.sha256],
  );
});

test('analyses again what broke the first time', async () => {
  const link = new KnownServer(1);
  const sender = new FactsSender({ link, dataFolder: folder, log: pino({ level: 'silent' }) });
  const first = runOf('killed.py', 'print(5)\n');
  // The process of the analysis ends while it loads, as under want of memory.
  let kills = 0;
  const killer = setInterval(() => {
    for (const pid of childrenOf(process.pid, 'facts-worker')) {
      if (kills > 0) return;
      kills += 1;
      process.kill(pid, 'SIGKILL');
    }
  }, 5);
  sender.start();

  sender.offer(first);
  await link.told;
  clearInterval(killer);
  await sender.stop();

  assert.deepEqual([kills, link.facts.map(({ sha256 }) => sha256)], [1, [first.script.sha256]]);
});

function childrenOf(pid: number, name: string): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    try {
      const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8')) ?? [];
      const isOurs = Number(parent) === pid && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(name);
      return isOurs ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}
