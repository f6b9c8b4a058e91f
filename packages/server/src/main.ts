import { Command, InvalidArgumentError, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { createLog } from './log.ts';
import { readSettings } from './settings.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** What the server says to the process that started it with an IPC channel. */
export type ServerMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'ready'; readonly url: string; readonly signInUrl: string; readonly enrolmentToken: string }
  | { readonly kind: 'sign-in-link'; readonly signInUrl: string };

const program = new Command('sentinel-server')
  .description('Takes batches from agents, keeps runs and activities, answers the console.')
  .version(packageJson.version)
  .option('--data <dir>', 'folder for everything the server keeps')
  .option('--host <address>', 'address to listen on (default 127.0.0.1)')
  .option('--port <number>', 'port to listen on, 0 for any free one (default 7390)', wholeNumber)
  .addOption(
    new Option('--tls <when>', 'TLS: beyond this computer, always, or left to a proxy in front').choices([
      'auto',
      'on',
      'off',
    ]),
  )
  .option('--tls-cert <file>', 'own certificate with those that signed it, PEM')
  .option('--tls-key <file>', 'its key, PEM')
  .option('--control <url>', 'PostgreSQL for the control store: postgres://user@host/database (default: a file)')
  .option(
    '--events <url>',
    'ClickHouse for the event store: https://user:password@host:8443/database (default: embedded)',
  )
  .option('--events-cluster <name>', 'cluster of that ClickHouse that tables are replicated and distributed over')
  .option('--seal-key <file>', 'key file of what is encrypted at rest (default: made in the data folder)')
  .option('--console <dir>', 'folder of the built console')
  .option('--config <file>', 'JSON file with the same settings')
  .option('--public-url <url>', 'where people and agents reach the server, if not at host and port')
  .addOption(
    new Option('--demo-command <json>', 'program and arguments that play the demo, as a JSON array').argParser(
      jsonArray,
    ),
  )
  .addHelpText('after', '\nExample:\n  sentinel-server --data /var/lib/sentinel --port 7390\n')
  .parse();

const log = createLog();
const say = process.send === undefined ? undefined : (message: ServerMessage) => process.send?.(message);

try {
  const { config, ...given } = program.opts<{ config?: string } & Record<string, unknown>>();
  const server = await startServer(readSettings(given, config), log, (text) => say?.({ kind: 'progress', text }));
  stopOnSignal(server);
  const signInUrl = await server.createSignInUrl();
  if (say === undefined) {
    const pin = server.pin === undefined ? '' : `Agents pin it with --server-pin ${server.pin}\n`;
    process.stdout.write(`Sentinel listens on ${server.url}\n${pin}Sign in once, within 15 minutes: ${signInUrl}\n`);
  } else {
    process.on('message', (message: unknown) => {
      const { kind, company } = (message ?? {}) as { kind?: unknown; company?: unknown };
      if (kind === 'company') void server.takeCompany(company);
      if (kind !== 'sign-in-link') return;
      server.createSignInUrl().then(
        (fresh) => say({ kind: 'sign-in-link', signInUrl: fresh }),
        (error: unknown) => log.error({ err: error }, 'no sign-in link could be made'),
      );
    });
    say({ kind: 'ready', url: server.url, signInUrl, enrolmentToken: await server.createLocalEnrolmentToken() });
  }
  log.info({ url: server.url, pin: server.pin }, 'server listens');
} catch (error) {
  process.stderr.write(`sentinel-server: ${(error as Error).message}\n`);
  process.exit(1);
}

function stopOnSignal(server: RunningServer): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'server stops');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'server did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Whoever started the server with a channel is gone: nobody would stop it any more.
  process.on('disconnect', () => stop('disconnect'));
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function jsonArray(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw new InvalidArgumentError('It must be a JSON array of strings.');
}
