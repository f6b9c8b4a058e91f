/**
 * Prints as JSON how long the first start of `sentinel up` takes until it is ready, and what an idle server takes of memory.
 *
 *     node packages/server/bench/first-start.ts [--rounds 3] [--seconds 15]
 *
 * Each round starts in a new data folder and waits so long before it reads `/proc`. `server` is the server's process,
 * `engine` the embedded store's; the rest of what `up` starts is told apart as `others`. Resident memory, as operators see it,
 * counts the engine's library and Node once in each process; `ownMB` is what server and engine hold that is no page of a file.
 * Medians.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeFolder } from '../src/testing/make-folder.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '15' } },
});
const SENTINEL = join(import.meta.dirname, '../../cli/src/main.ts');
const rounds: { readyMs: number; server: number; engine: number; others: number; own: number }[] = [];
for (let round = 0; round < Number(values.rounds); round++) rounds.push(await once());
const median = (pick: (one: (typeof rounds)[number]) => number) =>
  rounds.map(pick).sort((a, b) => a - b)[rounds.length >> 1] ?? 0;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);
process.stdout.write(
  `${JSON.stringify({
    rounds: rounds.length,
    readyMs: Math.round(median((one) => one.readyMs)),
    slowestReadyMs: Math.round(Math.max(...rounds.map((one) => one.readyMs))),
    serverAndEngineMB: megabytes(median((one) => one.server + one.engine)),
    serverMB: megabytes(median((one) => one.server)),
    engineMB: megabytes(median((one) => one.engine)),
    ownMB: megabytes(median((one) => one.own)),
    othersMB: megabytes(median((one) => one.others)),
    load: readFileSync('/proc/loadavg', 'utf8').split(' ', 3).join(' '),
  })}\n`,
);

async function once(): Promise<(typeof rounds)[number]> {
  const data = makeFolder();
  const started = performance.now();
  const up = spawn(process.execPath, [SENTINEL, 'up', '--data', data, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => up.once('exit', resolve));
  try {
    let readyMs = 0;
    for await (const line of createInterface({ input: up.stdout })) {
      if ((JSON.parse(line) as { kind?: string }).kind !== 'ready') continue;
      readyMs = performance.now() - started;
      break;
    }
    if (readyMs === 0) throw new Error('it ended before it was ready');
    up.stdout.resume();
    await delay(Number(values.seconds) * 1000);
    const bytes = { server: 0, engine: 0, others: 0, own: 0 };
    for (const { command, rss, own } of treeOf(up.pid ?? 0)) {
      const part = command.includes('chdb-engine') ? 'engine' : /server\/src\/main/.test(command) ? 'server' : 'others';
      bytes[part] += rss;
      if (part !== 'others') bytes.own += own;
    }
    return { readyMs, ...bytes };
  } finally {
    up.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** A process and all below it. */
function treeOf(root: number): { command: string; rss: number; own: number }[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        return {
          pid: Number(name),
          parent: Number(/PPid:\s+(\d+)/.exec(status)?.[1] ?? 0),
          rss: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024,
          own: Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024,
          command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
        };
      } catch {
        return [];
      }
    });
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}
