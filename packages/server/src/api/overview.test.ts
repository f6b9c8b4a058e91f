import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, library, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer } from '../testing/test-server.ts';

const HOUR = 3_600_000;

test('shows nothing as zeros', async () => {
  const server = await startTestServer();
  try {
    const { client } = await server.signIn();

    const overview = await client.getOverview();

    const { generatedAt, runsByHour, ...rest } = overview;
    assert.ok(Math.abs(Date.parse(generatedAt) - Date.now()) < 5_000);
    assert.equal(runsByHour.length, 24);
    assert.ok(runsByHour.every(({ runs, failures }) => runs === 0 && failures === 0));
    assert.deepEqual(rest, {
      endpoints: { known: 0, reporting: 0 },
      runsNow: 0,
      runs24h: 0,
      failures24h: 0,
      scripts: 0,
      scriptsNew7d: 0,
      users: 0,
      hosts: [],
      databases: [],
      libraries: [],
      demo: { available: false, running: false },
    });
  } finally {
    await server.close();
  }
});

test('counts runs, scripts and accounts, and ranks what was touched', async () => {
  const server = await startTestServer();
  try {
    const agent = await server.enrol();
    const { client } = await server.signIn();
    const going = makeRun();
    const failed = makeRun({
      status: 'ended',
      exitRoute: 'exception',
      startedAt: ago(2 * HOUR),
      user: { name: 'bob' },
    });
    const older = makeRun({
      status: 'ended',
      exitRoute: 'finished',
      startedAt: ago(10 * 24 * HOUR),
      script: { id: 'f'.repeat(32), kind: 'file', name: 'o.py' },
    });
    const connect = (runId: string, id: number, host: string, bytesOut: number) =>
      makeActivity(runId, id, {
        type: 'net.connect',
        attributes: { 'server.address': host, 'network.transport': 'tcp' },
        bytesOut,
        bytesIn: 1,
      });
    await agent.client.sendBatch({
      body: makeBatch({
        runs: [going, failed, older],
        activities: [
          connect(going.id, 1, 'small.example', 5),
          connect(going.id, 2, 'large.example', 50),
          connect(failed.id, 1, 'large.example', 500),
          makeActivity(failed.id, 2, {
            type: 'db.query',
            attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'erp', 'db.operation.name': 'SELECT' },
            rows: 3,
          }),
          makeActivity(failed.id, 3, { type: 'module.import', attributes: library('numpy') }),
          makeActivity(failed.id, 4, {
            type: 'net.connect',
            attributes: { 'network.peer.address': '/run/x.sock', 'network.transport': 'unix' },
          }),
          makeActivity(older.id, 1, {
            type: 'module.import',
            attributes: library('ancient'),
            firstSeen: older.startedAt,
            lastSeen: older.startedAt,
          }),
        ],
      }),
    });

    const overview = await client.getOverview();

    const { runsNow, runs24h, failures24h, scripts, scriptsNew7d, users, endpoints } = overview;
    assert.deepEqual(
      { runsNow, runs24h, failures24h, scripts, scriptsNew7d, users, endpoints },
      {
        runsNow: 1,
        runs24h: 2,
        failures24h: 1,
        scripts: 2,
        scriptsNew7d: 1,
        users: 2,
        endpoints: { known: 1, reporting: 1 },
      },
    );
    assert.deepEqual(overview.hosts, [
      { name: 'large.example', runs: 2, scripts: 1, bytesOut: 550, bytesIn: 2 },
      { name: 'small.example', runs: 1, scripts: 1, bytesOut: 5, bytesIn: 1 },
    ]);
    assert.deepEqual(overview.databases, [{ name: 'erp', runs: 1, scripts: 1, bytesOut: 0, bytesIn: 0 }]);
    assert.deepEqual(overview.libraries, [{ name: 'numpy', runs: 1, scripts: 1, bytesOut: 0, bytesIn: 0 }]);
    assert.equal(
      overview.runsByHour.reduce((sum, { runs }) => sum + runs, 0),
      2,
    );
    assert.equal(
      overview.runsByHour.find(({ failures }) => failures === 1)?.hour,
      `${failed.startedAt.slice(0, 13)}:00:00.000Z`,
    );
    const [endpoint] = (await client.listEndpoints()).items;
    assert.deepEqual([endpoint?.runs24h, endpoint?.running, endpoint?.scripts], [2, 1, 2]);
    assert.deepEqual(endpoint?.interpreters, [{ path: '/usr/bin/python3', version: '3.11.2', runs: 3 }]);
  } finally {
    await server.close();
  }
});
