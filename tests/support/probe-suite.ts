import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import type { Python } from './pythons.ts';

const PROBE = join(import.meta.dirname, '..', '..', 'probe');
const MINUTES = 60_000;

/** Declares a test that runs the probe's own suite, without real packages, on one Python. */
export function testProbeOn({ command, version }: Python): void {
  const modules = [...modulesIn('tests'), ...modulesIn('tests', 'sensors')];
  test(`the probe passes its own tests on Python ${version}`, { timeout: 20 * MINUTES }, (t) => {
    t.diagnostic(runUnittest(command, modules, process.env));
  });
}

/** What every test run includes; the others need more environments than a quarter of an hour allows. */
const EVERY_TIME = new Set(
  ['clients', 'documents', 'models', 'notebook', 'policy_clients', 'psycopg2', 'redis'].map(
    (name) => `tests.packages.test_${name}`,
  ),
);

/**
 * Declares a test for each file that runs real packages from PyPI under the probe. Environments are made at first use and kept.
 * @param isLong - Whether all of them run, the oldest releases that a sensor claims too.
 */
export function testProbePackagesOn({ command, version }: Python, isLong: boolean): void {
  const env = isLong ? { ...process.env, SENTINEL_TEST_LONG: '1' } : process.env;
  for (const module of modulesIn('tests', 'packages')) {
    if (!isLong && !EVERY_TIME.has(module)) continue;
    const name = module.slice('tests.packages.test_'.length).replaceAll('_', ' ');
    const what = isLong ? `${name}, oldest and newest` : name;
    test(`the probe observes real packages on Python ${version}: ${what}`, {
      timeout: (isLong ? 60 : 15) * MINUTES,
    }, (t) => {
      t.diagnostic(runUnittest(command, [module], env));
    });
  }
}

function modulesIn(...folders: readonly string[]): string[] {
  return globSync('test_*.py', { cwd: join(PROBE, ...folders) })
    .map((file) => [...folders, basename(file, '.py')].join('.'))
    .sort();
}

/** Runs test modules; gives the closing line. */
function runUnittest(command: string, modules: readonly string[], env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr } = spawnSync(command, ['-m', 'unittest', ...modules], {
    cwd: PROBE,
    encoding: 'utf8',
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(status, 0, `${stdout}\n${stderr}`.slice(-12_000));
  const ran = /^Ran [1-9]\d* tests? in [^\n]*\n+OK[^\n]*$/m.exec(stderr)?.[0].replaceAll(/\n+/g, ': ');
  assert.ok(ran, stderr);
  return ran;
}
