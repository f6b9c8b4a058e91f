import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { enrolAgent } from '@sentinel/client';
import type { Script } from '@sentinel/protocol';
import { makeBatch, makeRun } from '../testing/rows.ts';
import { facts, startTestServer, type TestServer, until } from '../testing/test-server.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** A time on the last Wednesday that is over. */
function onWednesday(clock: string): string {
  const day = new Date(Date.now() - 86_400_000);
  while (day.getUTCDay() !== 3) day.setUTCDate(day.getUTCDate() - 1);
  return `${day.toISOString().slice(0, 10)}T${clock}:00.000Z`;
}

function scriptOf(name: string): Script {
  return { id: createHash('md5').update(name).digest('hex'), kind: 'file', name, path: `/srv/${name}` };
}

test('working hours are those of the place where the computer is, and the calendar’s where it tells none', async () => {
  const { client } = await server.signIn();
  await client.importCompany({
    body: {
      source: 'test',
      departments: [
        { id: 'sales', name: 'Sales', calendar: { timeZone: 'Europe/Berlin', from: '07:00', to: '19:00' } },
      ],
      responsibilities: [{ kind: 'path', match: '/srv/**', departmentId: 'sales' }],
      places: [],
    },
  });
  for (const [hostName, timeZone] of [
    ['desk-tokyo', 'Asia/Tokyo'],
    ['desk-unset', 'UTC'],
    ['desk-odd', 'Nowhere/At all'],
    ['desk-old', undefined],
  ] as const) {
    const token = await server.server.createLocalEnrolmentToken();
    const endpoint = { ...facts, hostName, ...(timeZone === undefined ? {} : { timeZone }) };
    const agent = await enrolAgent({ baseUrl: server.url, token, endpoint });
    const runs = ['10:00', '23:00'].map((clock) =>
      makeRun({
        hostName,
        status: 'ended',
        startedAt: onWednesday(clock),
        endedAt: onWednesday(clock.replace(':00', ':05')),
        script: scriptOf(`${hostName} at ${clock}.py`),
      }),
    );
    await agent.client.sendBatch({ body: makeBatch({ spoolId: crypto.randomUUID(), runs, activities: [] }) });
  }
  await until(async () => (await client.getBoardAnswer({ params: { category: 'any' } })).coverage.runsWaiting === 0);

  const { items } = await client.listFindings({ query: { ruleId: 'run-outside-hours', limit: 50 } });

  assert.deepEqual(items.map(({ scriptName }) => scriptName).sort(), [
    'desk-odd at 23:00.py',
    'desk-old at 23:00.py',
    'desk-tokyo at 10:00.py',
    'desk-unset at 23:00.py',
  ]);
});
