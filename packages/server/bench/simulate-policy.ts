/**
 * Prints as JSON how long a simulation of all starter policies takes over a filled store, how soon it tells of its progress and how soon it
 * ends when it is cancelled.
 *
 *     node packages/server/bench/queries.ts --fill engine --activities 10000000 --endpoints 2500 --days 30 --rounds 0 --data DIR
 *     node packages/server/bench/simulate-policy.ts --data DIR [--policies policies] [--rounds 1]
 *
 * Target: 10 million stored activities in at most 60 s on 2 cores, with progress, cancellable. The engine uses as many cores as there are.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readPolicy } from '@sentinel/policy';
import type { Simulation } from '@sentinel/protocol';
import type { Simulations } from '../src/policy/simulations.ts';
import { startTestServer } from '../src/testing/test-server.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    policies: { type: 'string', default: join(import.meta.dirname, '..', '..', '..', 'policies') },
    rounds: { type: 'string', default: '1' },
    days: { type: 'string', default: '30' },
  },
});
if (values.data === undefined) throw new Error('--data: a folder that queries.ts filled');
const DAY_MS = 24 * 60 * 60 * 1000;

const policies = readdirSync(values.policies)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => {
    const { compiled } = readPolicy(readFileSync(join(values.policies, name), 'utf8'));
    if (compiled === undefined) throw new Error(`${name} does not compile`);
    return compiled;
  });
const server = await startTestServer({ data: values.data, requestsPerMinute: 100_000_000 });
const { simulations } = server.server.services;
const toMs = Date.now() + DAY_MS;
const request = { policies, fromMs: toMs - (Number(values.days) + 2) * DAY_MS, toMs, timeZone: 'Europe/Berlin' };
/** Takes the engine from its sleep, and the first days from the disk. */
await ended(simulations, simulations.start({ ...request, fromMs: toMs - 2 * DAY_MS }).id, []);

const runs = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const shares: number[] = [];
  const cpuBefore = engineCpuSeconds();
  const started = performance.now();
  const done = await ended(simulations, simulations.start(request).id, shares);
  const seconds = (performance.now() - started) / 1000;
  if (done.status !== 'done') throw new Error(`${done.status}: ${done.problem ?? ''}`);
  runs.push({
    activities: done.activities,
    seconds: round1(seconds),
    engineCpuSeconds: round1(engineCpuSeconds() - cpuBefore),
    secondsFor10Million: round1((seconds / done.activities) * 10_000_000),
    progressSteps: shares.length,
    statementsHit: done.statements.filter(({ hits }) => hits > 0).length,
    statements: done.statements.length,
  });
}
const { id } = simulations.start(request);
await delay(1000);
const cancelledAt = performance.now();
simulations.cancel(id);
const cancelMs = Math.round(performance.now() - cancelledAt);
process.stdout.write(
  `${JSON.stringify({ cores: availableParallelism(), load: readFileSync('/proc/loadavg', 'utf8').trim(), policies: policies.length, runs, cancelMs })}\n`,
);
await server.close();
process.exit(0);

async function ended(all: Simulations, simulationId: string, shares: number[]): Promise<Simulation> {
  for (;;) {
    const state = all.find(simulationId);
    if (shares.at(-1) !== state.share) shares.push(state.share);
    if (state.status !== 'running') return state;
    await delay(50);
  }
}

/** Processor time of the engine, a process of its own, so far: what the machine does beside it does not count. Source: proc(5). */
function engineCpuSeconds(): number {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const ticks = children.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
