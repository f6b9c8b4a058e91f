import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newUuidV7, uuidV7TimeMs } from './uuid-v7.ts';

test('reads the time out of an id that has one', () => {
  const before = Date.now();
  const time = uuidV7TimeMs(newUuidV7());

  assert.ok(time !== undefined && time >= before && time <= Date.now());
  assert.equal(uuidV7TimeMs('f47ac10b-58cc-4372-a567-0e02b2c3d479'), undefined);
});
