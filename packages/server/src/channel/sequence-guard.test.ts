import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { SequenceGuard } from './sequence-guard.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const guardOf = (name: string) => new SequenceGuard(server.server.services.control, name);

test('takes each number once, however they overtake each other', async () => {
  const { endpointId } = await server.enrol();
  const guard = guardOf('one');

  for (const sequence of [1, 3, 2, 10, 4, 9]) assert.equal(await guard.take(endpointId, sequence), undefined);

  for (const sequence of [1, 2, 3, 4, 9, 10]) assert.equal(await guard.take(endpointId, sequence), 11);
  assert.equal(await guard.take(endpointId, 5), undefined);
  assert.equal(await guard.take(endpointId, 500), undefined);
  assert.equal(await guard.take(endpointId, 6), 501, 'too old to be remembered counts as used');
});

test('takes nothing twice when many come at once', async () => {
  const { endpointId } = await server.enrol();
  const guard = guardOf('many');
  const numbers = Array.from({ length: 2000 }, (_, index) => (index >> 1) + 1);

  const answers = await Promise.all(numbers.map((sequence) => guard.take(endpointId, sequence)));

  const taken = numbers.filter((_, index) => answers[index] === undefined);
  assert.equal(new Set(taken).size, taken.length);
  assert.ok(taken.length >= 64);
});

test('takes nothing again after a crash: what may have been taken counts as used', async () => {
  const { endpointId } = await server.enrol();
  assert.equal(await guardOf('before').take(endpointId, 7), undefined);
  const again = guardOf('after');

  const next = (await again.take(endpointId, 7)) ?? assert.fail('a replay was taken');

  assert.equal(await again.take(endpointId, 8), next, 'so does what was granted and never came');
  assert.equal(await again.take(endpointId, next), undefined);
});

test('two servers never take the same number', async () => {
  const { endpointId } = await server.enrol();
  const [left, right] = [guardOf('left'), guardOf('right')];
  const taken: number[] = [];
  let sequence = 1;
  for (let turn = 0; turn < 40; turn++) {
    const guard = turn % 3 === 0 ? left : right;
    const next = await guard.take(endpointId, sequence);
    if (next === undefined) taken.push(sequence);
    sequence = next ?? sequence + 1;
  }

  for (const used of taken)
    for (const guard of [left, right]) assert.notEqual(await guard.take(endpointId, used), undefined, `${used} again`);
  assert.equal(new Set(taken).size, taken.length);
});
