import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createLog } from '../log.ts';
import type { Services } from '../services.ts';
import { type ControlStore, openControlStore } from '../store/control-store.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { makeTestControl, type TestControl } from '../testing/test-control.ts';
import { until } from '../testing/until.ts';
import type { Job } from './job.ts';
import { keepJob, returnJob, takeJob } from './job-lease.ts';
import { runJobs } from './run-jobs.ts';

const folder = makeFolder();
let place: TestControl;
/** What two servers have: a connection each to one store. */
let first: ControlStore;
let second: ControlStore;

before(async () => {
  place = await makeTestControl(folder);
  first = await openControlStore(place.place);
  second = await openControlStore(place.place);
});
after(async () => {
  await first.destroy();
  await second.destroy();
  await place.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a background job', () => {
  test('belongs to one server until it is returned, and is due again only after its time', async () => {
    const taken = await Promise.all([takeJob(first, 'a', 'one'), takeJob(second, 'a', 'two')]);
    assert.deepEqual(taken.filter(Boolean), [true]);
    const [owner, other] = taken[0] ? ['one', 'two'] : ['two', 'one'];
    assert.equal(await keepJob(first, 'a', other), false);
    assert.equal(await keepJob(first, 'a', owner), true);

    await returnJob(first, 'a', owner, 60_000);
    assert.equal(await takeJob(second, 'a', other), false);

    await second.updateTable('job_lease').set({ due_at: 0 }).where('name', '=', 'a').execute();
    assert.equal(await takeJob(second, 'a', other), true);
  });

  test('of a server that vanished goes to another one once its lease has ended', async () => {
    assert.equal(await takeJob(first, 'b', 'gone'), true);
    assert.equal(await takeJob(second, 'b', 'heir'), false);
    await second.updateTable('job_lease').set({ held_until: 1 }).where('name', '=', 'b').execute();
    assert.equal(await takeJob(second, 'b', 'heir'), true);
    assert.equal(await keepJob(first, 'b', 'gone'), false);
  });

  test('runs on one of two servers at a time, again and again, also after a round that failed', async () => {
    let running = 0;
    let most = 0;
    let rounds = 0;
    const job: Job = {
      name: 'c',
      everyMs: 5,
      async run() {
        most = Math.max(most, ++running);
        await delay(3);
        running--;
        if (++rounds % 3 === 0) throw new Error('a round that fails');
      },
    };
    const log = createLog('silent');
    const servers = [first, second].map((control) => runJobs([job], { control, log } as unknown as Services));
    await until(() => rounds >= 12);
    for (const server of servers) await server.stop();
    assert.equal(most, 1);
    assert.equal(running, 0);
  });
});
