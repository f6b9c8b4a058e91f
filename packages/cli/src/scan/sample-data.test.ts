import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Analysis, DataSample } from '@sentinel/protocol';
import { sampleData } from './sample-data.ts';

const IBAN = 'DE89370400440532013000';
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-sample-'));
  mkdirSync(join(folder, 'out'));
  mkdirSync(join(folder, 'apart'));
  writeFileSync(join(folder, 'job.py'), '');
  writeFileSync(join(folder, 'customers.csv'), `iban;amount\n${IBAN};3\n`);
  writeFileSync(join(folder, 'stock.csv'), 'part;count\nscrew;3\n');
  writeFileSync(join(folder, 'out', 'mails.txt'), 'ada@example.org\n');
  writeFileSync(join(folder, 'apart', 'unnamed.csv'), `iban;amount\n${IBAN};3\n`);
  writeFileSync(join(folder, 'cloud.csv'), '');
  // A size and no block on the disk, as sync clients leave files that lie in a cloud only.
  truncateSync(join(folder, 'cloud.csv'), 700_000);
  writeFileSync(join(folder, 'broken.xlsx'), 'no archive');
  symlinkSync(join(folder, 'apart', 'unnamed.csv'), join(folder, 'link.csv'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const flowFrom = (detail: string): Analysis['flows'][number] => ({
  source: { kind: 'files.read', detail, place: { line: 1, endLine: 1 } },
  sink: { kind: 'mail.send', place: { line: 2, endLine: 2 } },
  reach: 'mail-outside',
  confidence: 'high',
});

test('data files beside a script and those that its flows name are told by kinds and counts, never by value', async () => {
  const script = join(folder, 'job.py');
  const flows = [flowFrom('out/mails.txt'), flowFrom('customers.csv'), flowFrom('//server/share/people.csv')];
  const sample = DataSample.parse(await sampleData([{ path: script, analysis: { flows } }]));
  assert.deepEqual(
    [
      sample.lookedAt,
      sample.leftOut,
      sample.files.map(({ path, kinds, namedBy, notRead }) => [
        path.slice(folder.length + 1),
        kinds.map(({ kind, count }) => [kind, count]),
        namedBy,
        notRead,
      ]),
    ],
    [
      3,
      0,
      [
        ['broken.xlsx', [], [], 'failed'],
        ['cloud.csv', [], [], 'placeholder'],
        ['customers.csv', [['iban', 1]], [script], undefined],
        ['out/mails.txt', [['email', 1]], [script], undefined],
      ],
    ],
  );
  assert.doesNotMatch(JSON.stringify(sample), /DE89|example\.org|amount/);
});

test('a file that may not be read says so', {
  skip: process.getuid?.() === 0 ? 'root reads everything' : false,
}, async () => {
  const path = join(folder, 'apart', 'shut.csv');
  writeFileSync(path, 'iban\n');
  chmodSync(path, 0);
  const { files } = await sampleData([{ path: join(folder, 'apart', 'a.py'), analysis: { flows: [] } }]);
  assert.deepEqual(
    files.filter((file) => file.path === path).map(({ notRead }) => notRead),
    ['no-permission'],
  );
});
