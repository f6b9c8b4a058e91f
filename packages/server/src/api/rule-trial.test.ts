import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestServer, until } from '../testing/test-server.ts';

const RUNS = 12;

let server: TestServer;
let client: Client;

before(async () => {
  server = await startTestServer();
  ({ client } = await server.signIn());
  await client.importCompany({
    body: {
      source: 'test',
      departments: [],
      responsibilities: [],
      places: [{ kind: 'table', match: 'patients', labels: ['customer', 'health'] }],
    },
  });
  // On two computers: a reader of a labelled table that leaves a copy, and what sends that copy out.
  for (const agent of await Promise.all([server.enrol(), server.enrol()])) {
    const runs = Array.from({ length: RUNS }, (_, at) => {
      const isExport = at % 2 === 0;
      const run = makeRun({
        status: 'ended',
        startedAt: ago(600_000 - at * 1_000),
        endedAt: ago(500_000 - at * 1_000),
        script: { id: (isExport ? 'e' : 'f').repeat(32), kind: 'file', name: 'one.py', path: `/home/ann/${at % 2}.py` },
      });
      const seen = { firstSeen: ago(550_000), lastSeen: ago(540_000) };
      const path = '/home/ann/out/patients.csv';
      return {
        run,
        activities: isExport
          ? [
              makeActivity(run.id, 1, {
                ...seen,
                type: 'db.query',
                attributes: {
                  'db.system.name': 'postgresql',
                  'db.operation.name': 'SELECT',
                  'db.collection.name': ['patients'],
                },
                rows: 24_000,
              }),
              makeActivity(run.id, 2, {
                ...seen,
                attributes: { 'file.path': path, 'sentinel.file.operation': 'write' },
                bytesOut: 900_000,
              }),
            ]
          : [
              makeActivity(run.id, 1, {
                ...seen,
                attributes: { 'file.path': path, 'sentinel.file.operation': 'read' },
                bytesIn: 900_000,
              }),
              makeActivity(run.id, 2, {
                ...seen,
                type: 'net.connect',
                attributes: { 'server.address': 'content.dropboxapi.com', 'server.port': 443 },
                bytesOut: 900_000,
              }),
              makeActivity(run.id, 3, {
                ...seen,
                attributes: { 'file.path': '/srv/wages.csv', 'sentinel.file.operation': 'read' },
                bytesIn: 50_000,
              }),
            ],
      };
    });
    for (const [at, { run, activities }] of runs.entries())
      await agent.client.sendBatch({
        body: makeBatch({
          spoolId: '6a1c3c0e-8b7e-4a70-9d2e-0d3b2b1f0a11',
          sequence: at + 1,
          runs: [run],
          activities,
        }),
      });
    await judged();
  }
});
after(() => server.close());

async function judged(): Promise<void> {
  await until(async () => (await client.getBoardAnswer({ params: { category: 'any' } })).coverage.runsWaiting === 0);
}

async function stored() {
  const { control } = server.server.services;
  return control
    .selectFrom('finding_run')
    .innerJoin('finding', 'finding.fingerprint', 'finding_run.fingerprint')
    .select(['rule_id', 'run_id', 'finding_run.fingerprint', 'finding_run.seen_at'])
    .orderBy('rule_id')
    .orderBy('run_id')
    .orderBy('finding_run.fingerprint')
    .execute();
}

test('finds on the stored runs what judging them found, and nothing else', async () => {
  await client.replayRuns({ body: { since: ago(3_600_000) } });
  await judged();
  const before = await stored();
  const trial = await client.tryRules({ body: { since: ago(3_600_000) } });

  assert.ok(
    before.some(({ rule_id }) => rule_id === 'bulk-read' || rule_id.includes('sent')),
    JSON.stringify(before),
  );
  assert.deepEqual(
    { ...trial, rules: trial.rules.map(({ ruleId, runs, fresh }) => ({ ruleId, runs, fresh })), seconds: 0, until: '' },
    {
      runs: 2 * RUNS,
      activities: 5 * RUNS,
      failures: 0,
      isComplete: true,
      gone: 0,
      seconds: 0,
      until: '',
      rules: [...Map.groupBy(before, ({ rule_id }) => rule_id)]
        .map(([ruleId, rows]) => ({ ruleId, runs: new Set(rows.map(({ run_id }) => run_id)).size, fresh: 0 }))
        .sort((one, other) => other.runs - one.runs || (one.ruleId < other.ruleId ? -1 : 1)),
    },
  );
  assert.deepEqual(await stored(), before);
});

test('says what other labels would find and no longer find, and changes nothing', async () => {
  const before = await stored();
  for (const { id } of (await client.listDataPlaces()).items) await client.deleteDataPlace({ params: { placeId: id } });
  const without = await client.tryRules({ body: { since: ago(3_600_000) } });
  await client.addDataPlace({
    body: { kind: 'path', match: '/srv/**', labels: ['financial'], place: 'share' },
  });
  const others = await client.tryRules({ body: { since: ago(3_600_000) } });

  assert.ok(without.gone > 0);
  assert.ok(others.rules.some(({ fresh }) => fresh > 0));
  assert.deepEqual(await stored(), before);
});
