import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCookie, NotText, readSource } from './read-source.ts';

test('reads the encoding that the second line declares', () => {
  const bytes = Buffer.concat([
    Buffer.from('#!/usr/bin/python\n# -*- coding: cp1252 -*-\nx = "'),
    Buffer.from([0xe4, 0x22]),
  ]);
  assert.deepEqual(readSource(bytes), {
    text: '#!/usr/bin/python\n# -*- coding: cp1252 -*-\nx = "ä"',
    encoding: 'windows-1252',
  });
});

test('does not take a declaration behind code', () => {
  assert.equal(findCookie('import os\n# coding: latin-1\n'), undefined);
});

test('drops a byte order mark and turns all line ends into LF', () => {
  assert.deepEqual(readSource(Buffer.from('\uFEFFa = 1\r\nb = 2\rc = 3\n')), {
    text: 'a = 1\nb = 2\nc = 3\n',
    encoding: 'utf-8',
  });
});

test('reads UTF-16 by its mark and replaces a lone surrogate', () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('x = "\uD800"', 'utf16le')]);
  assert.deepEqual(readSource(bytes), { text: 'x = "\uFFFD"', encoding: 'utf-16le' });
});

test('reads bytes that are not UTF-8 as Windows-1252', () => {
  assert.deepEqual(readSource(Buffer.from([0x78, 0x3d, 0xfc])), { text: 'x=ü', encoding: 'windows-1252' });
});

test('goes on when the declared encoding does not exist', () => {
  assert.equal(readSource(Buffer.from('# coding: nonsense\n')).encoding, 'utf-8');
});

test('keeps a few NUL as blanks and refuses binary junk', () => {
  assert.equal(readSource(Buffer.from('a\u0000b')).text, 'a b');
  assert.throws(() => readSource(new Uint8Array(4_000)), NotText);
});
