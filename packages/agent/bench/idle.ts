/// <reference types="node" />
/**
 * Prints what an agent takes: processor time while nothing happens, and memory at 50 activities a second. The single
 * executable against a real server; Linux only.
 *
 *     node packages/agent/bench/idle.ts [--minutes 10] [--load-minutes 3] [--executable FILE]
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AgentStatus } from '@sentinel/protocol';
import { ProbeWriter } from '../src/testing/probe-writer.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TICK_MS = 10;
const SETTLE_MS = 20_000;
const ACTIVITIES_PER_SECOND = 50;
const MIB = 1024 * 1024;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: process.env['SENTINEL_MINUTES'] ?? '10' },
    'load-minutes': { type: 'string', default: '3' },
    executable: { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-idle-'));
const data = join(folder, 'data');
const inbox = join(data, 'agent', 'inbox');
mkdirSync(inbox, { recursive: true });
const executable = values.executable ?? build();
const server = fork(join(ROOT, 'packages/server/src/main.ts'), ['--data', join(folder, 'server'), '--port', '0'], {
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
});
const ready = await readyOf(server);
const agent = spawn(executable, ['agent', 'run', '--data', data], {
  stdio: 'ignore',
  env: {
    ...process.env,
    SENTINEL_SERVER: ready.url,
    SENTINEL_TOKEN: ready.enrolmentToken,
    SENTINEL_APP_FOLDER: join(folder, 'app'),
  },
});
const pid = agent.pid ?? 0;
try {
  while (status()?.isInContact !== true) await delay(200);
  await delay(SETTLE_MS);
  print({ phase: 'idle', ...(await idle(Number(values.minutes) * 60_000)), targets: { share: 0.003 } });
  print({ phase: 'load', ...(await load(Number(values['load-minutes']) * 60_000)), targets: { residentMib: 110 } });
} finally {
  for (const child of [agent, server]) child.kill('SIGTERM');
  await Promise.all(
    [agent, server].map(async (child) => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }),
  );
  rmSync(folder, { recursive: true, force: true });
}

/** It says other things before. */
async function readyOf(child: ChildProcess): Promise<{ url: string; enrolmentToken: string }> {
  for await (const [message] of on(child, 'message', { close: ['exit'] })) {
    const said = message as { kind: string; url: string; enrolmentToken: string };
    if (said.kind === 'ready') return said;
  }
  throw new Error('the server ended before it was ready');
}

/** Share of one core, of the agent and of all that it started. */
async function idle(durationMs: number) {
  const before = cpuMs();
  const started = performance.now();
  await delay(durationMs);
  const passedMs = performance.now() - started;
  const { counters, coverage } = status() ?? {};
  return {
    seconds: Math.round(passedMs / 1000),
    cpuShare: Number(((cpuMs() - before) / passedMs).toFixed(5)),
    residentMib: { all: residentMib(), ...kindsMib() },
    sensor: coverage?.sensor.kind,
    // What else happens on the computer is sensed, and costs.
    programStarts: coverage?.sensor.execs,
    runsSeen: counters?.runsSeen,
  };
}

async function load(durationMs: number) {
  const run = new ProbeWriter(inbox);
  const before = cpuMs();
  const resident: number[] = [];
  const started = performance.now();
  let written = 0;
  while (performance.now() - started < durationMs) {
    const due = Math.floor(((performance.now() - started) / 1000) * ACTIVITIES_PER_SECOND);
    for (; written < due; written++) run.activity(`/data/file-${written}.csv`);
    if (written % ACTIVITIES_PER_SECOND < 10) resident.push(residentMib());
    await delay(100);
  }
  const passedMs = performance.now() - started;
  resident.sort((a, b) => a - b);
  return {
    activities: written,
    cpuShare: Number(((cpuMs() - before) / passedMs).toFixed(5)),
    residentMib: { median: resident[Math.floor(resident.length / 2)], most: resident.at(-1), ...kindsMib() },
    batchesShipped: status()?.counters.batchesShipped,
  };
}

function build(): string {
  const told = execFileSync(
    process.execPath,
    [join(ROOT, 'packaging/build-executable.ts'), '--out', folder, '--json'],
    { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' },
  );
  return (JSON.parse(told) as { file: string }).file;
}

function cpuMs(): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, place) => sum + Number(fields[place]) * TICK_MS, 0);
}

function residentMib(): number {
  return mebibytes('status', /^VmRSS:\s+(\d+)/m);
}

/** What of the resident memory is the agent's own, and what is its program file in the huge pages of the system's cache. */
function kindsMib() {
  return {
    ofItsOwn: mebibytes('status', /^RssAnon:\s+(\d+)/m),
    fileInHugePages: mebibytes('smaps_rollup', /^FilePmdMapped:\s+(\d+)/m),
  };
}

function mebibytes(name: string, pattern: RegExp): number {
  const [, kib = '0'] = pattern.exec(readFileSync(`/proc/${pid}/${name}`, 'utf8')) ?? [];
  return Math.round((Number(kib) * 1024) / MIB);
}

function status(): AgentStatus | undefined {
  try {
    return AgentStatus.parse(JSON.parse(readFileSync(join(data, 'agent', 'status.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify({ ...line, load: loadavg().map((each) => Math.round(each * 10) / 10) })}\n`);
}
