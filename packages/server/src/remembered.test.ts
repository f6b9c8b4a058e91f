import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { remembered } from './remembered.ts';

test('does the work once for all who ask meanwhile and shortly after, then anew', async () => {
  let times = 0;
  const ask = remembered(async () => {
    times++;
    await pause(20);
    return times;
  });

  assert.deepEqual(await Promise.all([ask(), ask()]), [1, 1]);
  assert.equal(await ask(), 1);
  await pause(400);
  assert.equal(await ask(), 2);
});

test('does not remember a failure', async () => {
  let times = 0;
  const ask = remembered(async () => {
    times++;
    if (times === 1) throw new Error('first');
    return times;
  });

  await assert.rejects(ask(), /first/);
  assert.equal(await ask(), 2);
});
