import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { signingKey } from '../advisories/signing-key.ts';
import { consoleFolder } from '../console-folder.ts';
import { operatorKey } from '../policy/sign-bundle.ts';
import { programFile } from '../run-program.ts';
import { type Announcer, createAnnouncer } from './announce.ts';
import { type ProgramMessage, type SupervisedProcess, startProcess } from './supervised-process.ts';

/** Settings of `sentinel up`. */
export interface UpOptions {
  readonly dataFolder: string;
  /** Port of the console; 0 for a free one. */
  readonly port: number;
  readonly withDemo: boolean;
  readonly asJson: boolean;
}

const STOP_GRACE_MS = 10_000;
const RESTART_DELAY_MS = 1000;
const SENTINEL_BIN = fileURLToPath(new URL('../../bin/sentinel.js', import.meta.url));

/**
 * Runs server, console and a local agent until a signal or a failure ends it.
 * @returns exit code: 0 after a signal, 1 when the server could not start or ended by itself.
 */
export async function up(options: UpOptions): Promise<number> {
  const announcer = createAnnouncer(process.stdout, options.asJson);
  const signalled = nextSignal();
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });

  let server: SupervisedProcess | undefined;
  let stopAgent: (() => Promise<void>) | undefined;
  try {
    const folder = await consoleFolder((text) => announcer.announce({ kind: 'progress', text }));
    announcer.announce({ kind: 'progress', text: 'Starting the server' });
    server = startServer(options, folder, announcer);
    const ready = await Promise.race([server.message('ready'), signalled]);
    if (typeof ready === 'string') return 0;
    const url = String(ready['url']);

    announcer.announce({ kind: 'progress', text: 'Starting the agent' });
    stopAgent = keepAgentRunning(options, url, String(ready['enrolmentToken']), announcer);
    announcer.announce({ kind: 'ready', url, signInUrl: String(ready['signInUrl']), dataFolder: options.dataFolder });
    const demo = options.withDemo ? playDemo(options, announcer, server) : undefined;

    const ending = await Promise.race([signalled, server.ended.then((how) => ({ how }))]);
    demo?.kill('SIGTERM');
    if (typeof ending === 'string') return 0;
    announcer.announce({
      kind: 'problem',
      text: `The server ended (${ending.how}). Its log: ${logFile(options, 'server')}`,
    });
    return 1;
  } catch (error) {
    announcer.announce({ kind: 'problem', text: error instanceof Error ? error.message : String(error) });
    return 1;
  } finally {
    announcer.announce({ kind: 'progress', text: 'Stopping' });
    // The agent first: its last upload still finds the server.
    await stopAgent?.();
    await server?.stop(STOP_GRACE_MS);
    announcer.announce({ kind: 'stopped', text: 'Stopped. The data stays for the next start.' });
  }
}

function startServer(options: UpOptions, console: string, announcer: Announcer): SupervisedProcess {
  const demoCommand = JSON.stringify([process.execPath, SENTINEL_BIN, 'demo', '--data', options.dataFolder]);
  const server = startProcess(
    'server',
    programFile('@sentinel/server/main'),
    ['--data', options.dataFolder, '--port', String(options.port), '--console', console, '--demo-command', demoCommand],
    logFile(options, 'server'),
  );
  server.onMessage((message) => {
    if (message.kind === 'progress') announcer.announce({ kind: 'progress', text: String(message['text']) });
  });
  return server;
}

/** Organisation of endpoints that `up` set up. */
const LOCAL_ORGANISATION = 'local';

/** The operator of this computer: a key beside the data, which neither server nor agent reads. */
function operatorArguments(dataFolder: string): string[] {
  const { key } = signingKey(join(dataFolder, 'operator.key'));
  return ['--organisation', LOCAL_ORGANISATION, '--operator-key', operatorKey(key)];
}

/** Keeps the local agent running; gives a function that stops it for good. */
function keepAgentRunning(options: UpOptions, url: string, token: string, announcer: Announcer): () => Promise<void> {
  const stopping = new AbortController();
  let current: SupervisedProcess | undefined;
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      current = startProcess(
        'agent',
        programFile('@sentinel/agent/main'),
        ['--data', options.dataFolder, '--server', url, '--token', token, ...operatorArguments(options.dataFolder)],
        logFile(options, 'agent'),
      );
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      const text = `The agent ended (${how}) and is started again. Its log: ${logFile(options, 'agent')}`;
      announcer.announce({ kind: 'problem', text });
      await pause(RESTART_DELAY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await current?.stop(STOP_GRACE_MS);
    await loop;
  };
}

function playDemo(options: UpOptions, announcer: Announcer, server: SupervisedProcess) {
  const demo = spawn(process.execPath, [SENTINEL_BIN, 'demo', '--data', options.dataFolder], {
    stdio: ['ignore', options.asJson ? 'ignore' : 'inherit', 'inherit', 'ipc'],
  });
  demo.on('message', (message) => {
    if ((message as ProgramMessage).kind === 'company') server.send(message as ProgramMessage);
  });
  demo.on('exit', (code) => {
    announcer.announce(
      code === 0
        ? { kind: 'demo', text: 'The demo is done. Its runs stand in the console.' }
        : { kind: 'problem', text: 'The demo did not finish; its own message says why.' },
    );
  });
  return demo;
}

function logFile(options: UpOptions, name: string): string {
  return join(options.dataFolder, 'logs', `${name}.log`);
}

/** Settles with the first SIGINT, SIGTERM or SIGHUP. A second Ctrl-C is ignored: stopping takes its seconds. */
function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
}
