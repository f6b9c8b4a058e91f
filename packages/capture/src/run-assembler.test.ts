import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Activity, Run } from '@sentinel/protocol';
import type { Enrichment } from './enrichment.ts';
import { LineReader } from './line-reader.ts';
import { RunAssembler } from './run-assembler.ts';
import { identifyScript } from './script-identity.ts';

const RUN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const START = 1_750_000_000_000_000_000n;
const HELLO = line('H', 1, START, {
  'sentinel.run.id': RUN_ID,
  'process.pid': 77,
  'process.parent_pid': 70,
  'process.user.id': 1000,
  'process.working_directory': '/home/a\\tb',
  'process.args_count': 2,
  'sentinel.process.argument_shape': 'flag path',
  'process.executable.path': '/v/bin/python',
  'process.runtime.name': 'cpython',
  'process.runtime.version': '3.12.1',
  'sentinel.interpreter.prefix': '/v',
  'sentinel.interpreter.base_prefix': '/usr',
  'sentinel.probe.version': '0.1.0',
  'sentinel.script.kind': 'file',
  'sentinel.script.path': '/home/a/report.py',
});

/** Fixed answers: what is tested here is the assembling. */
const enrichment: Enrichment = {
  hostName: 'host',
  script: (facts) => identifyScript(facts, 'host', () => undefined),
  userName: (id) => (id === 1000 ? 'ada' : undefined),
  module: (name) => ({
    kind: 'distribution',
    distribution: name === 'yaml' ? { name: 'pyyaml', version: '6.0' } : undefined,
  }),
};

describe('run assembler', () => {
  it('makes a run and its activities of a whole file', () => {
    const text =
      HELLO +
      line('A', 1, 'file.open', START + 5_000_000n, 1, 10, 0, 0, 0, {
        'file.path': '/data/in.csv',
        'file.size': 10,
        'my.own': 'z',
      });
    const lines = [
      line('C', 1, START + 9_000_000n, 4, 40, 0, 0, 1, { 'file.size': 12 }),
      line('A', 2, 'module.import', START + 9_000_000n, 1, 0, 0, 0, 0, {
        'sentinel.module.name': 'yaml',
        'sentinel.module.path': '/v/x',
      }),
      line('Q', START + 9_000_000n, { 'sentinel.probe.dropped': 3, 'sentinel.probe.errors': 1 }),
      line('E', START + 1_500_250_000n, {
        'sentinel.run.exit_route': 'exception',
        'sentinel.run.exit_code': 1,
        'sentinel.run.cpu_user_ms': '12.5',
        'sentinel.run.peak_memory_bytes': 1024,
      }),
    ];
    const all = text + lines.join('');
    const { run, activities } = read(all).takeChanges();
    assert.deepEqual(run, {
      id: RUN_ID,
      revision: all.length,
      startKind: 'start',
      script: { id: run?.script.id, kind: 'file', name: 'report.py', path: '/home/a/report.py' },
      interpreter: { path: '/v/bin/python', implementation: 'cpython', version: '3.12.1', basePrefix: '/usr' },
      environment: { prefix: '/v', kind: 'virtual' },
      user: { name: 'ada', id: 1000 },
      hostName: 'host',
      pid: 77,
      parentPid: 70,
      workingDirectory: '/home/a\tb',
      argumentCount: 2,
      argumentShape: 'flag path',
      startedAt: '2025-06-15T15:06:40.000Z',
      probe: { version: '0.1.0', dropped: 3, errors: 1 },
      status: 'ended',
      endedAt: '2025-06-15T15:06:41.500Z',
      durationMs: 1500.25,
      exitRoute: 'exception',
      exitCode: 1,
      cpuUserMs: 12.5,
      peakMemoryBytes: 1024,
    });
    assert.deepEqual(activities, [
      {
        id: 1,
        runId: RUN_ID,
        revision: (text + (lines[0] ?? '')).length,
        type: 'file.open',
        attributes: { 'file.path': '/data/in.csv', 'file.size': 12 },
        unmapped: { 'my.own': 'z' },
        count: 4,
        bytesIn: 40,
        bytesOut: 0,
        rows: 0,
        errors: 1,
        firstSeen: '2025-06-15T15:06:40.005Z',
        lastSeen: '2025-06-15T15:06:40.009Z',
      },
      {
        id: 2,
        runId: RUN_ID,
        revision: (text + (lines[0] ?? '') + (lines[1] ?? '')).length + 1,
        type: 'module.import',
        attributes: {
          'sentinel.module.name': 'yaml',
          'sentinel.module.path': '/v/x',
          'sentinel.module.kind': 'distribution',
          'sentinel.distribution.name': 'pyyaml',
          'sentinel.distribution.version': '6.0',
        },
        count: 1,
        bytesIn: 0,
        bytesOut: 0,
        rows: 0,
        errors: 0,
        firstSeen: '2025-06-15T15:06:40.009Z',
        lastSeen: '2025-06-15T15:06:40.009Z',
      },
    ]);
    assert.deepEqual(Run.parse(run), run);
    assert.deepEqual(
      activities.map((activity) => Activity.parse(activity)),
      activities,
    );
  });

  it('gives equal rows and revisions for every cutting, and never another content for a revision', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const bytes = Buffer.from(randomFile(seed));
      const expected = rowsOf(read(bytes));
      const random = generator(seed);
      for (let round = 0; round < 5; round++) {
        const seen = new Map<string, string>();
        const last = new Map<string, Run | Activity>();
        const assembler = new RunAssembler(undefined, enrichment);
        const reader = new LineReader();
        for (let at = 0; at < bytes.length; ) {
          const size = 1 + Math.floor(random() * 200);
          for (const each of reader.push(bytes.subarray(at, at + size))) assembler.accept(each);
          at += size;
          if (random() < 0.3) take(assembler, seen, last);
        }
        take(assembler, seen, last);
        assert.deepEqual([...last.values()].map((row) => JSON.stringify(row)).sort(), expected);
      }
    }
  });

  it('gives only rows that changed, with growing revisions', () => {
    const assembler = read(HELLO + activity(1) + activity(2));
    assert.equal(assembler.takeChanges().activities.length, 2);
    assert.deepEqual(assembler.takeChanges(), { run: undefined, activities: [] });
    const before = assembler.currentActivities()[0]?.revision ?? 0;
    feed(assembler, (HELLO + activity(1) + activity(2)).length, line('C', 1, START, 2, 0, 0, 0, 0));
    const changes = assembler.takeChanges();
    assert.equal(changes.run, undefined);
    assert.deepEqual(
      changes.activities.map(({ id, count }) => [id, count]),
      [[1, 2]],
    );
    assert.ok((changes.activities[0]?.revision ?? 0) > before);
  });

  it('survives every truncation, and what stood before the cut stays', () => {
    const text = HELLO + activity(1) + activity(2) + line('E', START, { 'sentinel.run.exit_route': 'finished' });
    for (let cut = 0; cut <= text.length; cut++) {
      const assembler = read(text.slice(0, cut));
      assert.equal(assembler.malformed, 0);
      assert.equal(assembler.state === undefined, cut < HELLO.length);
      assert.equal(
        assembler.currentActivities().length,
        [HELLO.length + activity(1).length, HELLO.length + activity(1).length + activity(2).length].filter(
          (end) => cut >= end,
        ).length,
      );
    }
  });

  it('counts lines that are no records and reads on', () => {
    const rubbish = [
      '',
      'X\t1',
      'A\t1',
      `A\t3\tNot A Type\t${START}\t1\t0\t0\t0\t0`,
      `C\t99\t${START}\t1\t0\t0\t0\t0`,
      HELLO.trimEnd(),
      'A\t5\tfile.open\t1\t1\t0\t0\t0\t0\todd',
    ];
    const assembler = read(`${HELLO}${activity(1)}${rubbish.join('\n')}\n${activity(2)}`);
    assert.equal(assembler.malformed, rubbish.length);
    assert.deepEqual(
      assembler.currentActivities().map(({ id }) => id),
      [1, 2],
    );
  });

  it('keeps an activity of a type that it does not know', () => {
    const assembler = read(HELLO + line('A', 1, 'kind.unknown', START, 1, 0, 0, 0, 0, { 'x.unknown': 'm' }));
    assert.deepEqual(
      assembler.currentActivities().map(({ type, attributes, unmapped }) => [type, attributes, unmapped]),
      [['kind.unknown', {}, { 'x.unknown': 'm' }]],
    );
  });

  it('sets a file aside that does not begin with a hello, is of a newer version, or has no run id', () => {
    assert.match(read(activity(1) + HELLO).setAsideReason ?? '', /no hello/);
    assert.match(read(line('H', 2, START, { 'sentinel.run.id': RUN_ID })).setAsideReason ?? '', /version 2 is newer/);
    assert.match(read(line('H', 1, START)).setAsideReason ?? '', /run id/);
    assert.equal(read(line('H', 1, START), RUN_ID).state?.runId, RUN_ID);
    assert.equal(Run.safeParse(read(line('H', 1, START), RUN_ID).currentRun()).success, true);
  });

  it('takes back an end by exec when something follows, and lets the last end win', () => {
    const exec = line('E', START + 1_000_000n, { 'sentinel.run.exit_route': 'exec', 'sentinel.run.cpu_user_ms': 5 });
    assert.equal(read(HELLO + exec).currentRun()?.exitRoute, 'exec');
    const failed = HELLO + exec + activity(1);
    assert.equal(read(failed).currentRun()?.status, 'running');
    assert.equal(read(failed).currentRun()?.revision, failed.length);
    const ended = read(
      failed + line('E', START + 2_000_000n, { 'sentinel.run.exit_route': 'finished', 'sentinel.run.exit_code': 4 }),
    ).currentRun();
    assert.deepEqual([ended?.exitRoute, ended?.exitCode, ended?.durationMs, ended?.cpuUserMs], ['finished', 4, 2, 5]);
  });

  it('calls a run vanished until it speaks again, and a stated parent only where no record says it', () => {
    const assembler = read(HELLO);
    const first = assembler.currentRun()?.revision ?? 0;
    assembler.setParent('01890a5d-ac96-774b-bcce-b302099a8058');
    assembler.markVanished(Number(START / 1_000_000n) + 250);
    const vanished = assembler.takeChanges().run;
    assert.deepEqual(
      [vanished?.status, vanished?.exitRoute, vanished?.durationMs, vanished?.revision],
      ['ended', 'vanished', 250, first + 3],
    );
    assert.equal(vanished?.parentRunId, '01890a5d-ac96-774b-bcce-b302099a8058');
    feed(assembler, HELLO.length, activity(1));
    const back = assembler.takeChanges().run;
    assert.equal(back?.status, 'running');
    assert.ok((back?.revision ?? 0) > (vanished?.revision ?? 0));
    const forked = read(HELLO.replace('\n', `\tsentinel.run.parent_id\t${RUN_ID}\n`));
    forked.setParent('01890a5d-ac96-774b-bcce-b302099a8058');
    assert.equal(forked.currentRun()?.parentRunId, RUN_ID);
  });

  it('learns at the end which file stood behind a module', () => {
    const hello = line('H', 1, START, {
      'sentinel.run.id': RUN_ID,
      'sentinel.script.kind': 'module',
      'sentinel.script.module': 'pip',
    });
    const run = read(hello + line('E', START, { 'sentinel.script.path': '/lib/pip/__main__.py' })).currentRun();
    assert.deepEqual([run?.script.name, run?.script.path], ['pip', '/lib/pip/__main__.py']);
  });
});

function read(text: string | Buffer, fallbackRunId?: string): RunAssembler {
  const assembler = new RunAssembler(fallbackRunId, enrichment);
  for (const each of new LineReader().push(Buffer.from(text))) assembler.accept(each);
  return assembler;
}

function feed(assembler: RunAssembler, offset: number, text: string): void {
  for (const each of new LineReader().push(Buffer.from(text)))
    assembler.accept({ text: each.text, endOffset: offset + each.endOffset });
}

function rowsOf(assembler: RunAssembler): string[] {
  const run = assembler.currentRun();
  return [...(run === undefined ? [] : [run]), ...assembler.currentActivities()]
    .map((row) => JSON.stringify(row))
    .sort();
}

function take(assembler: RunAssembler, seen: Map<string, string>, last: Map<string, Run | Activity>): void {
  const { run, activities } = assembler.takeChanges();
  for (const row of [...(run === undefined ? [] : [run]), ...activities]) {
    const key = `${row.id}@${row.revision}`;
    const text = JSON.stringify(row);
    assert.equal(seen.get(key) ?? text, text, 'one revision, one content');
    seen.set(key, text);
    assert.ok((last.get(String(row.id))?.revision ?? -1) < row.revision, 'revisions grow');
    last.set(String(row.id), row);
  }
}

/** A file of activities, changes, rubbish and ends in random order. */
function randomFile(seed: number): string {
  const random = generator(seed);
  const parts = [HELLO];
  let made = 0;
  const counts = new Map<number, number>();
  for (let i = 0; i < 60; i++) {
    const choice = random();
    const at = START + BigInt(i) * 1_000_000n;
    if (choice < 0.4 || made === 0) {
      made++;
      counts.set(made, 1);
      parts.push(line('A', made, 'file.open', at, 1, 0, 0, 0, 0, { 'file.path': `/päth/${made}`, 'own.name': `${i}` }));
    } else if (choice < 0.8) {
      const id = 1 + Math.floor(random() * made);
      const count = (counts.get(id) ?? 0) + 1 + Math.floor(random() * 9);
      counts.set(id, count);
      parts.push(line('C', id, at, count, count * 8, 0, 0, 0, random() < 0.2 ? { 'file.size': i } : {}));
    } else if (choice < 0.87) {
      parts.push('rubbish\n');
    } else if (choice < 0.94) {
      parts.push(line('Q', at, { 'sentinel.probe.dropped': i }));
    } else {
      parts.push(line('E', at, { 'sentinel.run.exit_route': random() < 0.5 ? 'exec' : 'finished' }));
    }
  }
  return parts.join('') + (random() < 0.5 ? 'C\t1\t17500' : '');
}

function activity(id: number): string {
  return line('A', id, 'file.open', START + BigInt(id) * 1_000_000n, 1, 0, 0, 0, 0, { 'file.path': `/d/${id}` });
}

function line(...fields: (string | number | bigint | Readonly<Record<string, string | number>>)[]): string {
  return `${fields.flatMap((field) => (typeof field === 'object' ? Object.entries(field).flat().map(String) : [String(field)])).join('\t')}\n`;
}

/** Repeatable random numbers. Source: Numerical Recipes, linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
