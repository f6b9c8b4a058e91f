import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';

/** What may be asked of a running server by whoever may write its data folder. */
export interface LocalRequest {
  readonly command: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What it answers. */
type LocalAnswer = { readonly done: unknown } | { readonly error: string };

/** Does what is asked. */
export type LocalCommand = (options: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Source: unix(7): the longest path of a socket. */
const LONGEST_PATH = 107;

/**
 * Opens a socket in the data folder, for the account of the server alone, on which the command line asks a
 * running server to do what only it can. It has no password: who can reach it can read every file of the store.
 */
export async function openLocalDoor(
  folder: string,
  commands: Readonly<Record<string, LocalCommand>>,
  log: Logger,
): Promise<{ close(): Promise<void> } | undefined> {
  const path = doorPath(folder);
  if (path === undefined) {
    log.warn('the path of the data folder is too long for a socket: commands need the server to be stopped');
    return undefined;
  }
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    createInterface({ input: socket }).once('line', (line) => {
      void answer(line, commands, log).then((said) => socket.end(`${JSON.stringify(said)}\n`));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  chmodSync(path, 0o600);
  server.unref();
  return {
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Asks the server that has this data folder; `undefined` if none runs.
 * @throws Error with what the server answered.
 */
export async function askRunningServer(folder: string, request: LocalRequest): Promise<{ done: unknown } | undefined> {
  const path = doorPath(folder);
  if (path === undefined) return undefined;
  const socket = connect(path);
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  } catch {
    return undefined;
  }
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket })) {
    const answered = JSON.parse(line) as LocalAnswer;
    socket.destroy();
    if ('error' in answered) throw new Error(answered.error);
    return answered;
  }
  throw new Error('the server ended before it answered');
}

function doorPath(folder: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const path = join(folder, 'door');
  return Buffer.byteLength(path) > LONGEST_PATH ? undefined : path;
}

async function answer(
  line: string,
  commands: Readonly<Record<string, LocalCommand>>,
  log: Logger,
): Promise<LocalAnswer> {
  try {
    const { command, options } = JSON.parse(line) as LocalRequest;
    const run = commands[command];
    if (run === undefined) return { error: `the server knows no command "${command}"` };
    log.info({ command }, 'asked by the command line');
    return { done: await run(options) };
  } catch (error) {
    log.warn({ err: error }, 'a command of the command line failed');
    return { error: (error as Error).message };
  }
}
