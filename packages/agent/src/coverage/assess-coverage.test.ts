import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SensorHealth } from '@sentinel/protocol';
import type { ObservedStart } from '../sensing/process-sensor.ts';
import {
  countOutcomes,
  type InterpreterFacts,
  type InterpreterState,
  matchReports,
  missReason,
} from './assess-coverage.ts';
import { CoverageLedger } from './coverage-ledger.ts';

const START: ObservedStart = {
  pid: 10,
  timeMs: 1000,
  executable: '/opt/python/bin/python3.12',
  environment: undefined,
  isElsewhere: false,
  isUnread: false,
  flags: [],
  input: 'script',
};
const SENSOR: SensorHealth = { kind: 'kernel', execs: 0, lost: 0, unread: 0 };
const factsWith = (state?: InterpreterState, host?: 'embedded' | 'frozen'): InterpreterFacts => ({
  state: () => state,
  hostKind: () => host,
});
const instrumented = factsWith({ outcome: 'instrumented', sinceMs: 0 });

test('a start without a run has one reason, and what no probe can change comes first', () => {
  const reason = (change: Partial<ObservedStart & { endedMs: number }>, facts = instrumented) =>
    missReason({ ...START, endedMs: undefined, ...change }, facts);
  assert.deepEqual(
    [
      reason({ flags: ['I', 'S'] }),
      reason({ flags: ['V', 'S'] }),
      reason({ flags: ['--help'] }),
      reason({ flags: ['?'] }),
      reason({ executable: '/usr/bin/python2.7' }),
      reason({ executable: '/usr/bin/python3.7' }),
      reason({ executable: '/usr/bin/pypy3' }),
      reason({ isElsewhere: true, flags: ['S'] }),
      reason({ endedMs: 1002 }),
      reason({ isUnread: true, endedMs: 1030 }),
      reason({}),
      reason({}, factsWith()),
      reason({}, factsWith({ outcome: 'instrumented', sinceMs: 2000 })),
      reason({}, factsWith({ outcome: 'read-only', sinceMs: 0 })),
      reason({}, factsWith({ outcome: 'exempt', sinceMs: 0 })),
      reason({}, factsWith({ outcome: 'version-unsupported', sinceMs: 0 })),
      reason({}, factsWith({ outcome: 'other', sinceMs: 0 })),
      reason({ flags: ['S'] }, factsWith(undefined, 'frozen')),
      reason({}, factsWith(undefined, 'embedded')),
    ],
    [
      'no-site',
      'ended-before-site',
      'ended-before-site',
      'ended-before-site',
      'version-unsupported',
      'version-unsupported',
      'version-unsupported',
      'container',
      'ended-before-site',
      'sensor-degraded',
      'unknown',
      'not-instrumented',
      'instrumented-after-start',
      'read-only',
      'exempt',
      'version-unsupported',
      'not-instrumented',
      'frozen',
      'embedded',
    ],
  ); // prettier-ignore
});

test('a report belongs to the last start of its process before it', () => {
  const first = { ...START, timeMs: 1000 };
  const again = { ...START, timeMs: 5000 };
  const report = (runId: string, timeMs: number, pid = 10) => ({ runId, pid, timeMs });
  const { reportOf, unobserved } = matchReports(
    [first, again],
    [report('a', 1020), report('b', 5020), report('other', 1020, 11), report('too early', 100)],
  );
  assert.deepEqual([reportOf.get(first)?.runId, reportOf.get(again)?.runId], ['a', 'b']);
  assert.deepEqual(unobserved.map(({ runId }) => runId).sort(), ['other', 'too early']);
});

test('what is not eligible is observed and explained, and in no denominator', () => {
  assert.deepEqual(
    countOutcomes(
      [
        [undefined, 6],
        ['no-site', 3],
        ['unknown', 1],
        ['not-instrumented', 1],
        ['unknown', 1],
      ],
      2,
    ),
    {
      observed: 12,
      eligible: 9,
      instrumented: 6,
      pending: 2,
      coverage: 6 / 9,
      misses: { 'no-site': 3, unknown: 2, 'not-instrumented': 1 },
    },
  );
  assert.deepEqual(countOutcomes([['no-site', 1]], 0), {
    observed: 1,
    eligible: 0,
    instrumented: 0,
    pending: 0,
    misses: { 'no-site': 1 },
  });
});

test('a start waits for its report, is missed without one, and counted again when it comes late', () => {
  const ledger = new CoverageLedger(instrumented, 500);
  ledger.onStart(START);
  ledger.onEnd(10, 1050);
  const at = (nowMs: number) => {
    const { observed, pending, misses, instrumented: reported, unobserved, isTrusted } = ledger.count(SENSOR, nowMs);
    return { observed, pending, misses, reported, unobserved, isTrusted };
  };
  assert.deepEqual(at(2000), { observed: 0, pending: 1, misses: {}, reported: 0, unobserved: 0, isTrusted: true });
  assert.deepEqual(at(7000), {
    observed: 1,
    pending: 0,
    misses: { unknown: 1 },
    reported: 0,
    unobserved: 0,
    isTrusted: true,
  });
  ledger.reported({ runId: 'r', pid: 10, timeMs: 1010 });
  assert.deepEqual(at(8000), { observed: 1, pending: 0, misses: {}, reported: 1, unobserved: 0, isTrusted: true });
  assert.deepEqual(at(1_000_000), { observed: 1, pending: 0, misses: {}, reported: 1, unobserved: 0, isTrusted: true });
  // A run that nobody saw starting measures the sensor; one from before it does not.
  ledger.reported({ runId: 'early', pid: 11, timeMs: 400 });
  ledger.reported({ runId: 'unseen', pid: 12, timeMs: 1_000_500 });
  assert.deepEqual(at(1_001_000).unobserved, 0);
  assert.deepEqual(at(1_010_000), {
    observed: 1,
    pending: 0,
    misses: {},
    reported: 1,
    unobserved: 1,
    isTrusted: false,
  });
  assert.deepEqual(at(9_000_000).unobserved, 1);
});

test('a sensor that lost something, or samples, proves nothing', () => {
  const ledger = new CoverageLedger(instrumented, 0);
  assert.equal(ledger.count(SENSOR, 1).isTrusted, true);
  assert.equal(ledger.count({ ...SENSOR, lost: 1 }, 1).isTrusted, false);
  assert.equal(ledger.count({ ...SENSOR, kind: 'sampled' }, 1).isTrusted, false);
});
