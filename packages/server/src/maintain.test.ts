import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { makeFolder } from './testing/make-folder.ts';
import { makeActivity, makeBatch, makeRun } from './testing/rows.ts';
import { startTestServer } from './testing/test-server.ts';

const folder = makeFolder();
after(() => rmSync(folder, { recursive: true, force: true }));

async function maintain(...args: string[]): Promise<{ code: number | null; out: string; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'maintain.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, out, said };
}

describe('the commands of an operator', { skip: process.env.SENTINEL_TEST_CONTROL === 'postgres' }, () => {
  const data = join(folder, 'data');
  const run = makeRun();

  test('back a running server up, through a socket that only its account can open', async () => {
    const server = await startTestServer({ data });
    try {
      const { client } = await server.enrol();
      await client.sendBatch({ body: makeBatch({ runs: [run], activities: [makeActivity(run.id, 1)] }) });
      assert.equal(statSync(join(data, 'server/door')).mode & 0o777, 0o600);

      const { code, out, said } = await maintain('backup', '--data', data, '--out', join(folder, 'one'), '--json');

      assert.equal(code, 0, said);
      const done = JSON.parse(out) as { eventRows: Record<string, number>; hasKeys: boolean };
      assert.deepEqual([done.eventRows.run, done.eventRows.activity, done.hasKeys], [1, 1, false]);
      assert.match(said, /seal\.key" is not in it/);
      assert.equal(existsSync(join(folder, 'one/keys')), false);
      const acts = await server.server.services.control
        .selectFrom('audit_record')
        .select(['action', 'object_id'])
        .where('action', '=', 'backup.create')
        .execute();
      assert.deepEqual(acts, [{ action: 'backup.create', object_id: join(folder, 'one') }]);
      const migrated = await maintain('migrate', '--data', data, '--json');
      assert.match(migrated.out, /"migrated":false/);
    } finally {
      await server.close();
    }
  });

  test('check, restore and dispose without a server', async () => {
    const restored = join(folder, 'restored');
    const { code, said } = await maintain('restore', '--data', restored, '--from', join(folder, 'one'));
    assert.equal(code, 0, said);
    const again = await maintain('restore', '--data', restored, '--from', join(folder, 'one'));
    assert.deepEqual([again.code, /is not empty/.test(again.said)], [1, true]);

    const checked = await maintain('check', '--data', restored);
    assert.equal(checked.code, 0, checked.out);
    assert.match(checked.out, /^ok {5}control store: a file, whole, up to date$/m);

    const retention = await maintain('retention', '--data', restored, '--json');
    assert.deepEqual((JSON.parse(retention.out) as { class: string; due: number }[])[0], {
      class: 'activities',
      keepDays: 90,
      due: 0,
      held: 0,
    });
    assert.equal((await maintain('retention', '--data', restored, '--dispose', 'runs')).out, 'null\n');
  });

  test('say what is wrong in one sentence', async () => {
    const { code, said } = await maintain('backup', '--data', join(folder, 'nothing'), '--out', join(folder, 'two'));
    assert.equal(code, 1);
    assert.match(said, /^sentinel server: the data folder ".*nothing" has no server\n$/);
    const failed = await maintain('check', '--data', join(folder, 'nothing'));
    assert.equal(failed.code, 1);
    assert.match(failed.out, /^FAILED control store: .* is not there$/m);
  });
});
