/// <reference types="node" />
/** Prints what sensing costs, medians last: processor time of the agent's side for each program start, and what of the starts was seen. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSensor } from '../src/sensing/open-sensor.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1500' }, rounds: { type: 'string', default: '3' } },
});
const count = Number(values.count);
const python = spawnSync('python3', ['-I', '-c', 'import os, sys; print(os.path.realpath(sys.executable))'], {
  encoding: 'utf8',
}).stdout.trim();
const PROGRAMS: Readonly<Record<string, string>> = {
  'other programs': '/bin/true',
  'Python -I -S': `${python} -I -S -c pass`,
};

const costs = new Map<string, number[]>();
for (let round = 1; round <= Number(values.rounds); round++)
  for (const [name, command] of Object.entries(PROGRAMS)) {
    const without = await measure(command, false);
    const wanted = await measure(command, true);
    const cpuMsPerExec = round3((wanted.cpuMs - without.cpuMs) / wanted.execs);
    costs.set(name, [...(costs.get(name) ?? []), cpuMsPerExec]);
    process.stdout.write(
      `${JSON.stringify({
        round,
        program: name,
        execs: wanted.execs,
        seenPythons: wanted.starts,
        lost: wanted.lost,
        unread: wanted.unread,
        cpuMsPerExec,
        loopRatio: round3(wanted.loopMs / without.loopMs),
      })}\n`,
    );
  }

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
process.stdout.write(
  `${JSON.stringify({
    ...Object.fromEntries([...costs].map(([name, each]) => [`${name}, median CPU ms`, median(each)])),
    target: 0.2,
    load: loadavg().map(round3),
  })}\n`,
);

/** Programs are started by a shell, so that this process does nothing but sense. */
async function measure(command: string, isSensing: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-sensing-'));
  let starts = 0;
  const sensor = isSensing
    ? await openSensor({
        hosts: [],
        listener: {
          onStart(start) {
            if (start.executable === python) starts++;
          },
          onEnd: () => undefined,
        },
      })
    : undefined;
  // Code that ran a few times only is not what runs in an agent.
  await once(spawn('/bin/sh', ['-c', loopOf(command, 300)], { stdio: 'ignore' }), 'exit');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = process.cpuUsage();
  const execsBefore = sensor?.health().execs ?? 0;
  const startedMs = performance.now();
  const shell = spawn('/bin/sh', ['-c', loopOf(command, count)], { stdio: 'ignore' });
  await once(shell, 'exit');
  const loopMs = performance.now() - startedMs;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { user, system } = process.cpuUsage(before);
  const health = sensor?.health();
  await sensor?.close();
  rmSync(folder, { recursive: true });
  return {
    cpuMs: (user + system) / 1000,
    loopMs,
    starts,
    execs: (health?.execs ?? 0) - execsBefore,
    lost: health?.lost ?? 0,
    unread: health?.unread ?? 0,
  };
}

function loopOf(command: string, times: number): string {
  return `i=0; while [ $i -lt ${times} ]; do ${command}; i=$((i+1)); done`;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
