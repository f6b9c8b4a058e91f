import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FloodGate } from './flood-gate.ts';

const MIB = 1024 * 1024;

test('a probe that floods is read at a rate, and begin and end of that are told once each', () => {
  const gate = new FloodGate({ bytesPerSecond: MIB, burstBytes: 4 * MIB });
  const told: unknown[] = [];
  /** One look a second at a file to which so much was written. */
  let waiting = 0;
  const read: number[] = [];
  for (let second = 0; second < 40; second++) {
    waiting += second < 10 ? 3 * MIB : 0;
    let sum = 0;
    for (;;) {
      const allowed = Math.min(waiting, gate.allowedBytes(second * 1000));
      waiting -= allowed;
      sum += allowed;
      const isHeldBack = allowed === 0 && waiting > 0;
      const throttling = gate.took(allowed, isHeldBack);
      if (throttling !== undefined)
        told.push([second, throttling.until === undefined ? 'begin' : 'end', throttling.bytesRead]);
      if (allowed === 0) break;
    }
    read.push(sum / MIB);
  }
  assert.deepEqual(read.slice(0, 5), [3, 2, 1, 1, 1]);
  assert.equal(
    read.reduce((sum, each) => sum + each),
    30,
    'nothing is lost',
  );
  assert.deepEqual(told, [
    [1, 'begin', 0],
    [26, 'end', 25 * MIB],
  ]);
});

test('a large honest run is read at once', () => {
  const gate = new FloodGate();
  for (let portion = 0; portion < 20; portion++) {
    assert.ok(gate.allowedBytes(0) >= MIB);
    assert.equal(gate.took(MIB, false), undefined);
  }
});
