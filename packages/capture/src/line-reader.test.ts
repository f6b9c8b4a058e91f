import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Line, LineReader, MAX_LINE_BYTES } from './line-reader.ts';

it('gives the same lines at the same offsets however the bytes are cut', () => {
  const bytes = Buffer.from('first\n\nzweite Zeile: äöü 🐍\nlast without an end');
  const whole = new LineReader().push(bytes);
  assert.deepEqual(
    whole.map(({ text }) => text),
    ['first', '', 'zweite Zeile: äöü 🐍'],
  );
  for (let size = 1; size < bytes.length; size++) {
    const reader = new LineReader();
    const lines: Line[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...reader.push(bytes.subarray(at, at + size)));
    assert.deepEqual(lines, whole);
    assert.equal(reader.offset, bytes.length);
    assert.equal(reader.lineOffset, bytes.length - 'last without an end'.length);
  }
});

it('lets a huge line go without keeping it and reads on behind it', () => {
  const reader = new LineReader();
  const portion = Buffer.alloc(64 * 1024, 'x');
  for (let i = 0; i < 100; i++) assert.deepEqual(reader.push(portion), []);
  const lines = reader.push(Buffer.from('\nnext\n'));
  assert.deepEqual(
    lines.map(({ text }) => text),
    [undefined, 'next'],
  );
  assert.equal(lines[1]?.endOffset, 100 * portion.length + 6);
  assert.equal(new LineReader().push(Buffer.from(`${'y'.repeat(MAX_LINE_BYTES)}\n`))[0]?.text?.length, MAX_LINE_BYTES);
});
