import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer, until } from '../testing/test-server.ts';

test('plays the demo once at a time and says when it is over', async () => {
  const server = await startTestServer({ demoCommand: [process.execPath, '-e', 'setTimeout(() => {}, 300)'] });
  try {
    const { client } = await server.signIn();
    assert.deepEqual((await client.getOverview()).demo, { available: true, running: false });

    assert.deepEqual(await client.startDemo({ body: {} }), { running: true });

    assert.deepEqual((await client.getOverview()).demo, { available: true, running: true });
    assert.deepEqual(await client.startDemo({ body: {} }), { running: true });
    await until(async () => !(await client.getOverview()).demo.running);
  } finally {
    await server.close();
  }
});

test('says so where there is no demo', async () => {
  const server = await startTestServer();
  try {
    const { client } = await server.signIn();

    await assert.rejects(client.startDemo({ body: {} }), /started without a demo/);
    assert.equal((await client.getOverview()).demo.available, false);
  } finally {
    await server.close();
  }
});
