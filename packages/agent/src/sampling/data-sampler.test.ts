import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Activity, SampledFile } from '@sentinel/protocol';
import { pino } from 'pino';
import { DataSampler, type SampleLink } from './data-sampler.ts';
import { LeftFileWatch } from './left-file-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-sampler-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const RUN = '01890000-0000-7000-8000-000000000001';
const log = pino({ level: 'silent' });
const MEMBERS = [
  'name;iban;joined',
  ...Array.from({ length: 20 }, () => 'Ann Bell;DE89370400440532013000;2024-01-02'),
].join('\n');

function opened(path: string, operation = 'read'): Activity {
  return {
    runId: RUN,
    id: 1,
    revision: 1,
    type: 'file.open',
    attributes: { 'file.path': path, 'sentinel.file.operation': operation },
    count: 1,
    bytesIn: 0,
    bytesOut: 0,
    rows: 0,
    errors: 0,
    firstSeen: '2026-11-20T10:00:00.000Z',
    lastSeen: '2026-11-20T10:00:00.000Z',
  };
}

/** A server that lets what a test names be looked into. */
class Permitting implements SampleLink {
  readonly asked: string[] = [];
  readonly files: SampledFile[] = [];
  readonly #may: ReadonlySet<string>;
  readonly #told = Promise.withResolvers<void>();

  constructor(may: readonly string[]) {
    this.#may = new Set(may);
  }

  get told(): Promise<void> {
    return this.#told.promise;
  }

  async wanted(paths: readonly string[]) {
    this.asked.push(...paths);
    return { kind: 'ok', value: { wanted: paths.filter((path) => this.#may.has(path)) } } as const;
  }

  async send(files: readonly SampledFile[]) {
    this.files.push(...files.map((file) => SampledFile.parse(JSON.parse(JSON.stringify(file)))));
    this.#told.resolve();
    return { kind: 'ok', value: {} } as const;
  }
}

test('tells kinds and counts of files that it may look into, no value, and nothing of the others', async () => {
  const [members, secret, link] = ['members.csv', 'private.csv', 'link.csv'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(members, MEMBERS);
  writeFileSync(secret, MEMBERS);
  symlinkSync(secret, link);
  const server = new Permitting([members, link]);
  const sampler = new DataSampler({ link: server, log });
  sampler.start();

  sampler.offer(RUN, [
    opened(members),
    opened(secret),
    opened(link),
    opened(join(folder, 'out.csv'), 'write'),
    opened(join(folder, 'program.bin')),
  ]);
  await server.told;
  sampler.offer(RUN, [opened(members)]);
  await sampler.stop();

  assert.deepEqual(server.asked, [members, secret, link]);
  assert.deepEqual(
    server.files.map(({ path, sizeBytes, runIds }) => ({ path, sizeBytes, runIds })),
    [{ path: members, sizeBytes: Buffer.byteLength(MEMBERS), runIds: [RUN] }],
  );
  assert.deepEqual(
    server.files[0]?.kinds.find(({ kind }) => kind === 'iban'),
    { kind: 'iban', ground: 'both', count: 20, columnCount: 1 },
  );
  assert.doesNotMatch(JSON.stringify(server.files), /Bell|DE89|joined/);
});

test('tells which copies are still there, which are gone, and nothing where it cannot tell', async () => {
  const there = join(folder, 'there.csv');
  writeFileSync(there, 'x');
  const told = Promise.withResolvers<unknown>();
  const watch = new LeftFileWatch({
    everyMs: 10,
    log,
    link: {
      list: async () => ({
        kind: 'ok',
        value: { paths: [there, join(folder, 'gone.csv'), join(there, 'below-a-file.csv')] },
      }),
      tell: async (look) => {
        told.resolve(look);
        return { kind: 'ok', value: {} };
      },
    },
  });
  watch.start();
  const look = await told.promise;
  await watch.stop();
  assert.deepEqual(look, { there: [there], gone: [join(folder, 'gone.csv')] });
});
