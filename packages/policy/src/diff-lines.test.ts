import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from './diff-lines.ts';

test('gives the shortest way with the lines of both sides', () => {
  assert.deepEqual(diffLines('a\nb\nc\nd\n', 'a\nc\nx\nd\n'), [
    { kind: 'same', text: 'a', fromLine: 1, toLine: 1 },
    { kind: 'removed', text: 'b', fromLine: 2 },
    { kind: 'same', text: 'c', fromLine: 3, toLine: 2 },
    { kind: 'added', text: 'x', toLine: 3 },
    { kind: 'same', text: 'd', fromLine: 4, toLine: 4 },
  ]);
  assert.deepEqual(diffLines('', 'a'), [{ kind: 'added', text: 'a', toLine: 1 }]);
  assert.deepEqual(diffLines('a', ''), [{ kind: 'removed', text: 'a', fromLine: 1 }]);
  assert.deepEqual(diffLines('', ''), []);
});

test('always gives back both texts, and never more changes than all lines', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % below;
  };
  for (let round = 0; round < 500; round += 1) {
    const make = () => Array.from({ length: random(12) }, () => `l${random(4)}`).join('\n');
    const [from, to] = [make(), make()];
    const lines = diffLines(from, to);
    const side = (kind: string) =>
      lines
        .filter((line) => line.kind === 'same' || line.kind === kind)
        .map(({ text }) => text)
        .join('\n');
    assert.equal(side('removed'), from);
    assert.equal(side('added'), to);
    assert.equal(lines.filter(({ kind }) => kind !== 'same').length, fewest(from, to), `${from} | ${to}`);
  }
});

/** Changes that the longest common subsequence leaves, by the book. */
function fewest(from: string, to: string): number {
  const a = from === '' ? [] : from.split('\n');
  const b = to === '' ? [] : to.split('\n');
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = 1; i <= a.length; i += 1)
    for (let j = 1; j <= b.length; j += 1) {
      const row = table[i] as number[];
      const above = table[i - 1] as number[];
      row[j] = a[i - 1] === b[j - 1] ? (above[j - 1] ?? 0) + 1 : Math.max(above[j] ?? 0, row[j - 1] ?? 0);
    }
  return a.length + b.length - 2 * (table[a.length]?.[b.length] ?? 0);
}
