import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { testAgentCrashes } from '../../packages/agent/src/testing/crash-suite.ts';
import { testOffline } from '../../packages/agent/src/testing/offline-suite.ts';
import { testPartition } from '../../packages/agent/src/testing/partition-suite.ts';
import { testSpoolDamage } from '../../packages/agent/src/testing/spool-damage-suite.ts';

/** `SENTINEL_KILLS`, `SENTINEL_CORRUPTIONS` and `SENTINEL_SEED` make it shorter, longer, or another one. */
const KILLS = Number(process.env['SENTINEL_KILLS'] ?? 200);
const ROUNDS = Number(process.env['SENTINEL_CORRUPTIONS'] ?? 1000);
const SEED = Number(process.env['SENTINEL_SEED'] ?? 5);
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const timeout = 3_600_000;

test(`nothing is lost and nothing counted twice over ${KILLS} kills of the agent under load`, { timeout }, (t) =>
  testAgentCrashes(t, { kills: KILLS, seed: SEED }),
);

test(
  `the same over ${Math.ceil(KILLS / 5)} kills while the clock is set by a day or two`,
  {
    timeout,
    skip: !isRoot && 'needs root on Linux',
  },
  (t) => testAgentCrashes(t, { kills: Math.ceil(KILLS / 5), seed: SEED + 1, hasClockSteps: true }),
);

test(`the spool starts over ${ROUNDS} random corruptions`, { timeout }, (t) =>
  testSpoolDamage(t, { rounds: ROUNDS, seed: SEED }),
);

test('a partition of 200 runs into a spool for less than half of them', { timeout }, (t) =>
  testPartition(t, { runs: 200, spoolLimitKib: 400 }),
);

test('30 days without a server at 4,000 activities a day fit into 100 MB', { timeout }, (t) =>
  testOffline(t, { days: 30, seed: 'offline', under: process.platform === 'linux' ? '/var/tmp' : tmpdir() }),
);
