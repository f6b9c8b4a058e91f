import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NamePatterns } from './name-patterns.ts';

function patterns(...all: string[]): NamePatterns<string> {
  const made = new NamePatterns<string>();
  for (const pattern of all) made.add(pattern, pattern);
  return made;
}

test('finds the exact name before ends, and ends before all below', () => {
  const made = patterns('a.**', 'a.**.c', 'a.b.c', '**.c');
  assert.deepEqual(made.find('a.b.c'), ['a.b.c', 'a.**.c', 'a.**', '**.c']);
});

test('takes either of several words and ends of up to three segments', () => {
  const made = patterns('{x,y}.**.{chat.create,go}', '?.**.a.b.c');
  assert.deepEqual(
    ['y.client.chat.create', 'x.go', 'z.go', '?.q.a.b.c'].map((name) => made.find(name).length),
    [1, 1, 0, 1],
  );
});

test('does not take a name that only begins alike', () => {
  assert.deepEqual(patterns('os.**').find('oslo.config'), []);
});
