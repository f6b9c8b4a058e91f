import { test } from 'node:test';
import { canSense, testCoverage } from '../../packages/agent/src/testing/coverage-suite.ts';
import { defaultPython, installedPythons } from '../support/pythons.ts';

/** `SENTINEL_RUNS` makes it shorter, or longer. */
const COUNT = Number(process.env['SENTINEL_RUNS'] ?? 5000);
const skip = canSense() ? false : 'needs root on Linux and a kernel that allows tracing';
const commands = installedPythons().map(({ command }) => command);

test(
  `${COUNT} mixed starts over ${commands.length} interpreters, a venv each, and environments of uv, virtualenv and poetry`,
  { skip, timeout: 3_600_000 },
  (t) => testCoverage(t, { commands, count: COUNT, toolsVersion: defaultPython().version }),
);
