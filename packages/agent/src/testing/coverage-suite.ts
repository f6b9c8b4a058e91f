import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AgentStatus, EndpointCoverage } from '@sentinel/protocol';
import { AgentProcess, until } from './agent-process.ts';
import { ENVIRONMENT_TOOLS, makeEnvironmentWith, toolsFolder } from './environment-tools.ts';
import type { RunKind } from './mixed-runs.ts';
import { copyPython, makeEnvironment, type PythonCopy } from './python-copy.ts';
import { ReceivingServer } from './receiving-server.ts';
import { startWatchedRuns } from './watched-runs.ts';

const INSTALL = join(import.meta.dirname, '..', 'instrumentation', 'main.ts');
const WITHIN_MS = 120_000;
/** Starts of milliseconds that a busy machine may keep from being looked at, where so few runs are made that they weigh. */
const FEW = 6;
/** Of each interpreter, before the runs. */
const CANARIES = 1;

/** Whether starts can be sensed by the kernel here. */
export function canSense(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/** What {@link testCoverage} starts. */
export interface CoveragePlan {
  /** Interpreters to copy; each with a `venv` of its own. */
  readonly commands: readonly string[];
  readonly count: number;
  /** Version of the copy that also gets environments by other programs than `venv`. */
  readonly toolsVersion?: string;
}

/**
 * Real starts of real interpreters under a real agent: everything that was started is observed, everything eligible has a run,
 * and every miss its reason.
 */
export async function testCoverage(t: TestContext, { commands, count, toolsVersion }: CoveragePlan): Promise<void> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sentinel-coverage-')));
  const server = await ReceivingServer.start();
  const data = join(root, 'data');
  let agent: AgentProcess | undefined;
  try {
    const copies = commands.map((command, index) => copyPython(join(root, `python-${index}`), command));
    const pythons = copies.flatMap((copy, index) => [
      copy.executable,
      makeEnvironment(copy, join(root, `env-${index}`)),
    ]);
    const tooled = copies.find(({ version }) => version === toolsVersion);
    if (tooled !== undefined) pythons.push(...makeOtherEnvironments(tooled, root));
    const installed = spawnSync(process.execPath, [INSTALL, 'install', ...pythons, '--json', '--data', data], {
      encoding: 'utf8',
    });
    assert.equal(installed.status, 0, installed.stdout + installed.stderr);

    agent = new AgentProcess(data, ['--server', server.url, '--token', 'good', '--log-level', 'warn']);
    await agent.ready();
    const coverage = () => statusOf(agent).coverage;
    await until('the sensor watches', () => coverage()?.sensor.kind === 'kernel');
    const canaries = () => ours(coverage(), root).filter(({ canary }) => canary !== undefined);
    await until('every canary has sung', () => canaries().length === pythons.length, WITHIN_MS);
    assert.deepEqual(
      canaries().map(({ canary }) => [canary?.isSensed, canary?.isReported]),
      pythons.map(() => [true, true]),
    );

    const { started, execs } = await startWatchedRuns(root, pythons, count, 3);
    const expected = [...started.values()]
      .flatMap((ofPython) => [...ofPython])
      .reduce((sum, [kind, times]) => sum + kind.starts * times, pythons.length);
    const total = (of: (row: EndpointCoverage['interpreters'][number]) => number) =>
      ours(coverage(), root).reduce((sum, row) => sum + of(row), 0);
    try {
      await until(
        'all is judged',
        () => total(({ observed }) => observed) >= expected && total(({ pending }) => pending) === 0,
        WITHIN_MS,
      );
    } catch {
      // The comparison below says what is missing.
    }
    const rows = ours(coverage(), root);
    const found = Object.fromEntries(rows.map((row) => [row.environment ?? row.executable, summary(row)]));
    const wanted = Object.fromEntries(pythons.map((python) => [keyOf(python), expectedOf(started.get(python))]));
    t.diagnostic(
      `${count} runs, ${expected} starts, ${total(({ eligible }) => eligible)} eligible, ${total(({ instrumented }) => instrumented)} instrumented`,
    );
    t.diagnostic(JSON.stringify({ sensor: coverage()?.sensor, unobserved: coverage()?.unobserved }));
    assert.deepEqual(found, wanted);
    if (execs !== undefined) {
      const observed = rows.map((row) => [row.environment ?? row.executable, row.observed] as const);
      const witnessed = [...execs].map(([python, times]) => [keyOf(python), times + CANARIES] as const);
      assert.deepEqual(Object.fromEntries(observed), Object.fromEntries(witnessed));
      t.diagnostic(`strace saw ${[...execs.values()].reduce((sum, times) => sum + times, 0)} of these starts`);
    }
    const share = total(({ instrumented }) => instrumented) / total(({ eligible }) => eligible);
    t.diagnostic(`coverage ${share.toFixed(4)}, no unknown reason`);
    // One that only says its version may be gone before it was looked at: that counts against us.
    assert.ok(share >= Math.min(0.995, 1 - FEW / count), `${share}`);
    assert.equal(coverage()?.sensor.lost, 0);
    assert.equal(coverage()?.unobserved, 0);
    assert.doesNotMatch(JSON.stringify(coverage()), /hunter2|password/);
  } finally {
    const code = await agent?.end();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
    assert.equal(code, 0, agent?.log ?? '');
  }
}

function makeOtherEnvironments(python: PythonCopy, root: string): string[] {
  const tools = toolsFolder();
  return ENVIRONMENT_TOOLS.map((tool) => makeEnvironmentWith(tool, tools, python, join(root, tool)));
}

function statusOf(agent: AgentProcess | undefined): { readonly coverage: AgentStatus['coverage'] } {
  try {
    return { coverage: agent?.status().coverage };
  } catch {
    return { coverage: undefined };
  }
}

function ours(coverage: EndpointCoverage | undefined, root: string): EndpointCoverage['interpreters'] {
  return (
    coverage?.interpreters.filter(({ executable, environment }) => (environment ?? executable).startsWith(root)) ?? []
  );
}

/** Folder of an environment, else the program with links followed. */
function keyOf(python: string): string {
  const isEnvironment = python.endsWith('/python');
  return isEnvironment ? join(python, '..', '..') : realpathSync(python);
}

interface Summary {
  readonly observed: number;
  readonly instrumented: number;
  /** No probe could start, by the options of the command line, whether they were looked at in time or not. */
  readonly without: number;
  readonly others: readonly string[];
}

function summary({ observed, instrumented, misses }: EndpointCoverage['interpreters'][number]): Summary {
  const { 'no-site': noSite = 0, 'ended-before-site': ended = 0, 'sensor-degraded': degraded = 0, ...others } = misses;
  return { observed, instrumented, without: noSite + ended + degraded, others: Object.keys(others) };
}

/** With one canary. */
function expectedOf(started: ReadonlyMap<RunKind, number> | undefined): Summary {
  const counts = { observed: CANARIES, instrumented: CANARIES, 'no-site': 0, 'ended-before-site': 0 };
  for (const [{ starts, miss }, times] of started ?? []) {
    counts.observed += starts * times;
    counts[miss ?? 'instrumented'] += starts * times;
  }
  const { observed, instrumented } = counts;
  return { observed, instrumented, without: counts['no-site'] + counts['ended-before-site'], others: [] };
}
