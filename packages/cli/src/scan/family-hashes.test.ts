import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { analyse } from '@sentinel/analyser';
import { Risk } from '@sentinel/protocol';
import { withFamilyHashes } from './family-hashes.ts';

test('gives copies of one script with other values the same hash, another script another, and none to what does not parse', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-family-test-'));
  try {
    const sources = {
      'a.py': 'import csv\nrows = list(csv.reader(open("/data/a.csv")))\nprint(len(rows))\n',
      'b.py': '# a copy\nimport csv\nrows = list(csv.reader(open("/home/bob/b.csv")))\nprint(len(rows))\n',
      'c.py': 'print("something else")\n',
      'gone.py': 'print(1)\n',
    };
    const risk = Risk.parse({ score: 0, band: 'low', method: 'sentinel-risk 1', shares: [] });
    const assessments = await Promise.all(
      Object.entries(sources).map(async ([name, text]) => {
        const path = join(folder, name);
        if (name !== 'gone.py') writeFileSync(path, text);
        return { path, risk, analysis: await analyse(Buffer.from(text), { path }) };
      }),
    );

    const hashes = (await withFamilyHashes(assessments)).map(({ familyHash }) => familyHash);

    assert.match(hashes[0] ?? '', /^f1:[0-9a-f]{32}$/);
    assert.deepEqual([hashes[1], hashes[2] === hashes[0], hashes[3]], [hashes[0], false, undefined]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
