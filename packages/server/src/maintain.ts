import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { AuditTrail } from './audit/audit-trail.ts';
import { restore } from './backup/restore.ts';
import { lockData } from './data-lock.ts';
import { createLog } from './log.ts';
import { checkServer } from './maintain/check-server.ts';
import { localCommands } from './maintain/local-commands.ts';
import { askRunningServer } from './maintain/local-door.ts';
import { readSettings, type ServerConfig } from './settings.ts';
import { openStores } from './store/open-stores.ts';

const log = createLog('silent');

const program = new Command('sentinel server')
  .description('What an operator does with a server’s stores.')
  .version(packageJson.version)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

withStoreOptions(program.command('migrate'))
  .description('Bring both stores to the form that this version needs; a server does the same when it starts.')
  .action(async (options: StoreOptions) => {
    const config = settingsOf(options);
    const folder = join(config.data, 'server');
    if (
      config.events === undefined &&
      (await askRunningServer(folder, { command: 'ping', options: {} })) !== undefined
    ) {
      print(options, { migrated: false, reason: 'a server runs on this data folder and has done so' });
      return;
    }
    const stores = await openHere(config);
    await stores.close();
    print(options, { migrated: true });
  });

withStoreOptions(program.command('backup'))
  .description('Write a backup into a new folder, while the server works or not.')
  .requiredOption('--out <dir>', 'folder to make')
  .option('--with-keys', 'put the key of what is sealed, and the certificates, into it too')
  .addHelpText('after', '\nExample:\n  $ sentinel server backup --data /var/lib/sentinel --out /backup/2026-11-20\n')
  .action(async (options: StoreOptions & { out: string; withKeys?: boolean }) => {
    const done = await ask(options, 'backup', { out: resolve(options.out), withKeys: options.withKeys === true });
    print(options, done);
    if (options.withKeys !== true)
      process.stderr.write(
        'The key file "seal.key" is not in it: keep a copy elsewhere, or sealed contents are lost with it.\n',
      );
  });

withStoreOptions(program.command('restore'))
  .description('Put a backup into an empty data folder (and an empty database).')
  .requiredOption('--from <dir>', 'folder of the backup')
  .action(async (options: StoreOptions & { from: string }) => {
    const manifest = await restore(resolve(options.from), settingsOf(options), log);
    print(options, {
      restored: true,
      createdAt: manifest.createdAt,
      eventRows: manifest.eventRows,
      hasKeys: manifest.hasKeys,
    });
  });

withStoreOptions(program.command('check'))
  .description('Look at everything the server needs, without starting one.')
  .action(async (options: StoreOptions) => {
    const parts = await checkServer(settingsOf(options), log);
    if (options.json === true) print(options, parts);
    else
      for (const { part, isGood, found } of parts)
        process.stdout.write(`${isGood ? 'ok    ' : 'FAILED'} ${part}: ${found}\n`);
    if (parts.some(({ isGood }) => !isGood)) process.exitCode = 1;
  });

withStoreOptions(program.command('retention'))
  .description('How long each class is kept and what is due; with --dispose, remove what is due of one class.')
  .option('--dispose <class>', 'class to dispose of now')
  .action(async (options: StoreOptions & { dispose?: string }) => {
    if (options.dispose === undefined) print(options, await ask(options, 'retention', {}));
    else print(options, await ask(options, 'dispose', { class: options.dispose }));
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`sentinel server: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

interface StoreOptions {
  readonly data?: string;
  readonly config?: string;
  readonly control?: string;
  readonly events?: string;
  readonly eventsCluster?: string;
  readonly sealKey?: string;
  readonly json?: boolean;
}

function withStoreOptions(command: Command): Command {
  return command
    .option('--config <file>', 'JSON file with the settings of the server')
    .option('--data <dir>', 'data folder of the server')
    .option('--control <url>', 'PostgreSQL of the control store')
    .option('--events <url>', 'ClickHouse of the event store')
    .option('--events-cluster <name>', 'cluster of that ClickHouse')
    .option('--seal-key <file>', 'key file of what is encrypted at rest')
    .option('--json', 'print JSON');
}

function settingsOf(options: StoreOptions): ServerConfig {
  const names = ['data', 'control', 'events', 'eventsCluster', 'sealKey'] as const;
  const given = Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  return readSettings(given, options.config);
}

/** By the server that runs on the data folder, else here with the stores opened. */
async function ask(options: StoreOptions, command: string, asked: Record<string, unknown>): Promise<unknown> {
  const config = settingsOf(options);
  const folder = join(config.data, 'server');
  if (!existsSync(folder)) throw new Error(`the data folder "${config.data}" has no server`);
  const answered = await askRunningServer(folder, { command, options: asked });
  if (answered !== undefined) return answered.done;
  const stores = await openHere(config);
  try {
    return await localCommands(config, { ...stores, audit: new AuditTrail(stores.control) })[command]?.(asked);
  } finally {
    await stores.close();
  }
}

async function openHere(config: ServerConfig) {
  const lock = lockData(join(config.data, 'server'));
  try {
    const stores = await openStores(config, log);
    return {
      ...stores,
      async close() {
        await stores.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function print(options: StoreOptions, value: unknown): void {
  if (options.json === true || value === null || typeof value !== 'object')
    process.stdout.write(`${JSON.stringify(value)}\n`);
  else process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
