import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient, enrolAgent } from '@sentinel/client';
import { openControlStore } from '../store/control-store.ts';
import { createEnrolmentToken } from '../store/enrolment-token.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { facts } from '../testing/test-server.ts';
import { until } from '../testing/until.ts';

const MAIN = join(import.meta.dirname, '../main.ts');
const hasStrace = spawnSync('strace', ['-V']).status === 0;

test('a server with no more than a data folder opens no connection of its own', {
  skip: !hasStrace && 'strace is not installed',
}, async (t) => {
  const folder = makeFolder();
  const trace = join(folder, 'trace');
  const calls = 'trace=bind,connect,sendto,sendmsg,sendmmsg';
  const child = spawn(
    'strace',
    ['-f', '-qq', '-e', calls, '-o', trace, process.execPath, MAIN, '--data', folder, '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    },
  );
  t.after(async () => {
    if (child.exitCode === null) {
      // strace takes no signals while it writes to a file; it ends with what it traces.
      process.kill(Number(readFileSync(join(folder, 'server/pid'), 'utf8')), 'SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => /listens on (\S+)/.test(said), 60_000);
  const baseUrl = /listens on (\S+)/.exec(said)?.[1] ?? '';

  const control = await openControlStore(join(folder, 'server/control.sqlite'));
  const { token } = await createEnrolmentToken(control, { lifeMs: 60_000, uses: 1, nowMs: Date.now() });
  await control.destroy();
  const agent = await enrolAgent({ baseUrl, token, endpoint: facts });
  const run = makeRun();
  await agent.client.sendBatch({ body: makeBatch({ runs: [run], activities: [makeActivity(run.id, 1)] }) });
  await createClient({ baseUrl }).getHealth();

  const lines = readFileSync(trace, 'utf8').split('\n');
  assert.ok(
    lines.some((line) => /bind\(.*AF_INET.*127\.0\.0\.1/.test(line)),
    'the trace saw the server listen',
  );
  // Its own socket in the data folder and questions to the kernel are no connections to anybody.
  const outbound = lines.filter(
    (line) => /\b(?:connect|sendto|sendmsg|sendmmsg)\(/.test(line) && /AF_INET6?\b/.test(line),
  );
  assert.deepEqual(outbound, []);
});
