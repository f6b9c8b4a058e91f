import { test } from 'node:test';
import { testAgentCrashes } from './testing/crash-suite.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

test('loses nothing and counts nothing twice while the agent is killed again and again', (t) =>
  testAgentCrashes(t, { kills: 6, seed: 1 }));

test(
  'the same while the clock is set by a day or two again and again',
  {
    skip: !isRoot && 'needs root on Linux',
  },
  (t) => testAgentCrashes(t, { kills: 3, seed: 2, hasClockSteps: true }),
);
