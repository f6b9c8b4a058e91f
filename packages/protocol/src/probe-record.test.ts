import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProbeRecord, parseProbeRecord } from './probe-record.ts';

test('reads a hello record with escaped values', () => {
  assert.deepEqual(
    parseProbeRecord('H\t1\t1700000000000000000\tprocess.pid\t42\tsentinel.script.path\t/a\\tb\\\\c\\nd'),
    {
      kind: 'hello',
      version: 1,
      timeUnixNs: 1_700_000_000_000_000_000n,
      attributes: new Map([
        ['process.pid', '42'],
        ['sentinel.script.path', '/a\tb\\c\nd'],
      ]),
    } satisfies ProbeRecord,
  );
});

test('reads an activity and its change with totals', () => {
  assert.deepEqual(parseProbeRecord('A\t3\tfile.open\t17\t1\t2\t3\t4\t5\tfile.path\t/x'), {
    kind: 'activity',
    id: 3,
    type: 'file.open',
    timeUnixNs: 17n,
    count: 1,
    bytesIn: 2,
    bytesOut: 3,
    rows: 4,
    errors: 5,
    attributes: new Map([['file.path', '/x']]),
  } satisfies ProbeRecord);
  assert.deepEqual(parseProbeRecord('C\t3\t18\t9\t0\t0\t0\t0'), {
    kind: 'change',
    id: 3,
    timeUnixNs: 18n,
    count: 9,
    bytesIn: 0,
    bytesOut: 0,
    rows: 0,
    errors: 0,
    attributes: new Map(),
  } satisfies ProbeRecord);
});

test('reads health and end records', () => {
  assert.deepEqual(parseProbeRecord('E\t5\tsentinel.run.exit_route\tfinished'), {
    kind: 'end',
    timeUnixNs: 5n,
    attributes: new Map([['sentinel.run.exit_route', 'finished']]),
  } satisfies ProbeRecord);
  assert.deepEqual(parseProbeRecord('Q\t5'), {
    kind: 'health',
    timeUnixNs: 5n,
    attributes: new Map(),
  } satisfies ProbeRecord);
});

test('says why a line is no record', () => {
  const bad = [
    '',
    'X\t1',
    'H\t1',
    'H\tone\t5',
    'H\t1\t5\tname without value',
    'H\t1\t5\t\tvalue without name',
    'A\t0\tfile.open\t1\t1\t0\t0\t0\t0',
    'A\t1\t\t1\t1\t0\t0\t0\t0',
    'A\t1\tfile.open\t1\t-1\t0\t0\t0\t0',
    'A\t1\tfile.open\t1\t1e3\t0\t0\t0\t0',
    'A\t1\tfile.open\t1\t99999999999999999\t0\t0\t0\t0',
    'C\t1\t1\t1',
    'E\tnever',
  ];
  for (const line of bad) assert.equal(typeof parseProbeRecord(line), 'string', JSON.stringify(line));
});
