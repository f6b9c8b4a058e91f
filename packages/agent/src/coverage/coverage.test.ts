import { test } from 'node:test';
import { canSense, testCoverage } from '../testing/coverage-suite.ts';

const skip = canSense() ? false : 'needs root on Linux and a kernel that allows tracing';

test('of 320 mixed starts every one is observed, every eligible one has a run, every miss its reason', { skip }, (t) =>
  testCoverage(t, { commands: ['python3', 'python3'], count: 320 }),
);
