import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readZip } from './read-zip.ts';
import { makeZip } from './zip-for-tests.ts';

const isPython = (path: string): boolean => path.endsWith('.py');

test('reads the accepted members of a zipapp behind its first line', () => {
  const zip = makeZip({ '__main__.py': 'import os\n', 'data.bin': 'x' }, '#!/usr/bin/env python3\n');
  const read = readZip(zip, isPython);
  assert.deepEqual(
    read?.members.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]),
    [['__main__.py', 'import os\n']],
  );
});

test('leaves out a member that would grow beyond the limit, and says so', () => {
  const zip = makeZip({ 'bomb.py': 'a'.repeat(100_000), 'a.py': 'x' });
  const read = readZip(zip, isPython, { maxMembers: 10, maxMemberBytes: 1_000, maxTotalBytes: 10_000 });
  assert.deepEqual(
    [read?.members.map(({ path }) => path), read?.skipped.map((text) => text.slice(0, 8))],
    [['a.py'], ['bomb.py:']],
  );
});

test('survives every truncation and says undefined without a directory', () => {
  const zip = makeZip({ 'a.py': 'import os' });
  for (let size = 0; size < zip.length; size += 1) {
    assert.equal(readZip(zip.subarray(0, size), isPython), undefined);
  }
});

test('survives each changed byte', () => {
  const zip = makeZip({ 'a.py': 'import os' });
  for (let at = 0; at < zip.length; at += 1) {
    const changed = Buffer.from(zip);
    changed[at] = 255;
    const read = readZip(changed, isPython);
    assert.ok(read === undefined || read.members.length + read.skipped.length <= 1);
  }
});
