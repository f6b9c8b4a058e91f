import { test } from 'node:test';
import { canSense, testCoverage } from '../../packages/agent/src/testing/coverage-suite.ts';
import { installedPythons } from '../support/pythons.ts';

const skip = canSense() ? false : 'needs root on Linux and a kernel that allows tracing';
const commands = installedPythons().map(({ command }) => command);

test(
  `5,000 mixed starts over ${commands.length} interpreters with an environment each`,
  { skip, timeout: 1_800_000 },
  (t) => testCoverage(t, commands, 5000),
);
