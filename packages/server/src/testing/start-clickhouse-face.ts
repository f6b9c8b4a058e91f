import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from './postgres.ts';

const PASSWORD = 'p/w:1';

/** A stand-in for a ClickHouse server in a process of its own. */
export interface ClickhouseFace {
  /** Address as the server's settings take it. */
  readonly url: string;
  /** Ends it without warning, and starts it again on its folder and port. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a folder. */
export async function startClickhouseFace(folder: string): Promise<ClickhouseFace> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(process.execPath, [join(import.meta.dirname, 'clickhouse-face.ts'), folder, String(port), PASSWORD], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the stand-in for ClickHouse ended')));
    ended.catch(() => {});
    if (child.stdout !== null) await Promise.race([once(child.stdout, 'data'), ended]);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  await start();
  return {
    url: `http://sentinel:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/default`,
    crash: () => end('SIGKILL'),
    start,
    stop: () => end('SIGTERM'),
  };
}
