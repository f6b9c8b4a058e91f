import { type Client, createClient } from '@sentinel/client';
import { SentinelError } from '@sentinel/protocol';
import type { Command } from 'commander';

/** Options of every command that talks to a server. */
export interface ServerOptions {
  readonly server?: string;
  readonly token?: string;
}

/** Adds `--server` and `--token`. */
export function withServerOptions(command: Command): Command {
  return command
    .option('--server <url>', 'address of the server (or SENTINEL_SERVER; default: http://127.0.0.1:7390)')
    .option('--token <token>', 'API token (or SENTINEL_TOKEN)');
}

/**
 * A client of the server that the options or the environment name.
 * @throws Error with a sentence if there is no token.
 */
export function connectToServer(options: ServerOptions, env: NodeJS.ProcessEnv = process.env): Client {
  const url = options.server ?? env['SENTINEL_SERVER'] ?? 'http://127.0.0.1:7390';
  const token = options.token ?? env['SENTINEL_TOKEN'];
  if (token === undefined || token === '')
    throw new Error('no token: make one under Settings in the console and give it with --token or SENTINEL_TOKEN');
  if (!/^https?:\/\//.test(url)) throw new Error(`--server is no http or https address: ${url}`);
  return createClient({ baseUrl: url.replace(/\/+$/, ''), credential: token });
}

/** Runs the work of a command; a failure becomes one line and exit code 1. */
export async function attemptOnServer(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const text = error instanceof SentinelError ? `${error.message} (${error.code})` : (error as Error).message;
    process.stderr.write(`sentinel ${name}: ${text}\n`);
    process.exitCode = 1;
  }
}
