import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@sentinel/client';
import { makeFolder } from '../src/testing/make-folder.ts';
import { withCookie } from '../src/testing/test-server.ts';

/** Ticks of the processor time in `/proc`. Source: proc(5), sysconf(_SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;
/** Far above what a bench sends from its one address. */
const NO_LIMIT = 100_000_000;

/** A server as a process of its own, seen from outside. */
export interface BenchServer {
  readonly url: string;
  readonly client: Client;
  /** Makes an enrolment token. */
  token(uses: number): Promise<string>;
  /** Processor time of the server and of its store's process so far, in milliseconds. */
  cpuMs(): { readonly server: number; readonly store: number };
  /** Resident memory of both, in bytes. */
  rssBytes(): { readonly server: number; readonly store: number };
  stop(): Promise<void>;
}

/** Starts a server on a folder; without one, on a new folder that goes with it. */
export async function startBenchServer(options: { data?: string; port?: number } = {}): Promise<BenchServer> {
  const data = options.data ?? makeFolder();
  mkdirSync(data, { recursive: true });
  const config = join(data, 'bench.json');
  writeFileSync(config, JSON.stringify({ requestsPerMinute: NO_LIMIT }));
  const child = fork(
    join(import.meta.dirname, '..', 'src', 'main.ts'),
    ['--data', data, '--port', String(options.port ?? 0), '--config', config],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  const ready = await new Promise<Record<string, string>>((resolve, reject) => {
    child.on('message', (message: Record<string, string>) => {
      if (message['kind'] === 'ready') resolve(message);
    });
    child.once('exit', () => reject(new Error('the server ended before it was ready')));
  });
  const url = ready['url'] ?? '';
  const answer = await fetch(`${url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: new URL(ready['signInUrl'] ?? '').hash.replace('#token=', '') }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const client = withCookie(url, cookie);
  return {
    url,
    client,
    async token(uses) {
      return (await client.createEnrolmentToken({ body: { uses } })).token ?? '';
    },
    cpuMs: () => ofBoth(child, cpuOf),
    rssBytes: () => ofBoth(child, rssOf),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

function ofBoth(child: ChildProcess, read: (pid: number) => number): { server: number; store: number } {
  const pid = child.pid ?? 0;
  return { server: read(pid), store: childrenOf(pid).reduce((sum, one) => sum + read(one), 0) };
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.[3] === String(parent));
}

function cpuOf(pid: number): number {
  const stat = statOf(pid);
  return stat === undefined ? 0 : ((Number(stat[13]) + Number(stat[14])) / TICKS_PER_SECOND) * 1000;
}

function rssOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Fields of `/proc/<pid>/stat`; the second, which may hold spaces, is made one word. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/\(.*\)/s, 'name')
      .split(' ');
  } catch {
    return undefined;
  }
}
