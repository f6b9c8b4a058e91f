import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createLog } from '../log.ts';
import { ServerConfig } from '../settings.ts';
import { DAY_MS } from '../store/store-time.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { findPostgres, type Postgres, startPostgres } from '../testing/postgres.ts';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { backUp } from './back-up.ts';
import { readManifest, restore } from './restore.ts';

const log = createLog('silent');
const folder = makeFolder();
let postgres: Postgres | undefined;

before(async () => {
  if (findPostgres() !== undefined) postgres = await startPostgres();
});
after(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a person sees: runs with their totals, endpoints, audit records. */
async function seenOf(server: TestServer) {
  const { client } = await server.signIn();
  const runs = (await client.listRuns({ query: { limit: 200 } })).items;
  const { control } = server.server.services;
  return {
    runs: runs.map(({ id, totals, user }) => [id, totals, user]),
    endpoints: (await client.listEndpoints({ query: {} })).items.map(({ id, hostName }) => [id, hostName]),
    marks: await control.selectFrom('batch_mark').selectAll().orderBy('sequence').execute(),
  };
}

async function backedUpAndRestored(kind: 'sqlite' | 'postgres') {
  const place = async () => (kind === 'postgres' ? { control: (await postgres?.createDatabase()) ?? '' } : {});
  const firstPlace = await place();
  const first = await startTestServer(firstPlace);
  const out = join(folder, kind);
  try {
    const agent = await first.enrol();
    const spoolId = makeBatch().spoolId;
    const send = (sequence: number) => {
      const run = makeRun({ startedAt: ago(sequence * DAY_MS) });
      const activities = [1, 2, 3].map((id) =>
        makeActivity(run.id, id, { firstSeen: run.startedAt, lastSeen: run.startedAt }),
      );
      return agent.client.sendBatch({ body: makeBatch({ spoolId, sequence, runs: [run], activities }) });
    };
    for (let sequence = 1; sequence <= 20; sequence++) await send(sequence);
    const before = await seenOf(first);
    const config = ServerConfig.parse({ data: first.folder, ...firstPlace });
    const sealed = first.server.services.seal.sealText('a secret', 'test');
    const [manifest] = await Promise.all([
      backUp({ config, events: first.server.services.events, out, withKeys: true }),
      // The server goes on meanwhile.
      first.anyone.getHealth(),
    ]);
    assert.deepEqual([manifest.control, manifest.eventRows.run, manifest.eventRows.activity], [kind, 20, 60]);
    await send(21);

    const data = join(folder, `${kind}-restored`);
    const secondPlace = await place();
    await restore(out, ServerConfig.parse({ data, ...secondPlace }), log);
    const second = await startTestServer({ data, ...secondPlace });
    try {
      assert.deepEqual(await seenOf(second), before);
      assert.equal(second.server.services.seal.unsealText(sealed, 'test'), 'a secret');
    } finally {
      await second.close();
    }
    await assert.rejects(
      restore(out, ServerConfig.parse({ data, ...secondPlace }), log),
      /is not empty: it has "server\//,
    );
  } finally {
    await first.close();
  }
}

describe('a backup', () => {
  test('of a working server restores to the same runs, endpoints and marks', () => backedUpAndRestored('sqlite'));

  test(
    'of a server on PostgreSQL does too',
    { skip: findPostgres() === undefined && 'PostgreSQL is not installed' },
    () => backedUpAndRestored('postgres'),
  );

  test('that was changed, or is none, is refused before anything is written', async () => {
    const from = join(folder, 'sqlite');
    appendFileSync(join(from, 'control.sqlite'), 'x');
    await assert.rejects(readManifest(from), /damaged: "control\.sqlite" has changed/);
    const data = join(folder, 'never');
    await assert.rejects(restore(from, ServerConfig.parse({ data }), log), /damaged/);
    assert.equal(existsSync(join(data, 'server')), false);
    await assert.rejects(readManifest(folder), /is no backup/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('unfinished')),
      [],
    );
  });
});
