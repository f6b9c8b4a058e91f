import type { Command } from 'commander';
import { consoleFolder } from '../console-folder.ts';
import { runProgram } from '../run-program.ts';

/** What an operator does with a server's stores; the server's own program reads the options. */
const MAINTENANCE = {
  migrate: 'Bring both stores to the form that this version needs.',
  backup: 'Write a backup into a new folder, while the server works or not.',
  restore: 'Put a backup into an empty data folder.',
  check: 'Look at everything the server needs, without starting one.',
  retention: 'How long each class is kept and what is due; --dispose CLASS removes it.',
};

/** Registers `sentinel server`. */
export function registerServer(program: Command): void {
  const server = program
    .command('server')
    .description('Run the server with its console: enrolment, ingest, API.')
    .option('--config <file>', 'JSON file with the same settings')
    .option('--data <dir>', 'data folder of the server')
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <n>', 'port to listen on, 0 for a free one (default 7390)')
    .option('--public-url <url>', 'URL under which people and agents reach it')
    .option('--tls <when>', 'TLS: auto (beyond this computer), on, or off where a proxy does it')
    .option('--tls-cert <file>', 'own certificate with those that signed it, PEM')
    .option('--tls-key <file>', 'its key, PEM')
    .option('--control <url>', 'PostgreSQL for the control store (default: a file in the data folder)')
    .option('--events <url>', 'ClickHouse for the event store (default: embedded)')
    .option('--events-cluster <name>', 'cluster of that ClickHouse')
    .option('--seal-key <file>', 'key file of what is encrypted at rest; the same for all servers of a store')
    .addHelpText(
      'after',
      `
Examples:
  $ sentinel server --data ~/sentinel            embedded stores in one folder, console on http://127.0.0.1:7390
  $ sentinel server --config sentinel.json       the same from a file
  $ sentinel server --host 0.0.0.0 --data /var/lib/sentinel   for a company, over TLS; prints the pin for agents
  $ sentinel server backup --data /var/lib/sentinel --out /backup/today`,
    )
    .action(async (options: Readonly<Record<string, string>>) => {
      const args = ['--console', await consoleFolder()];
      for (const [name, value] of Object.entries(options)) {
        args.push(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
      }
      process.exitCode = await runProgram('@sentinel/server/main', args);
    });
  server
    .command('break-glass')
    .description(
      'Make a one-time link to the emergency account. On the machine of the server; the audit trail keeps it.',
    )
    .option('--data <dir>', 'data folder of the server')
    .option('--config <file>', 'JSON file with the settings of the server')
    .requiredOption('--reason <text>', 'why')
    .addHelpText(
      'after',
      `
Examples:
  $ sentinel server break-glass --data ~/sentinel --reason "the identity provider is down, ticket 4711"

Exit codes: 0 made, 1 not.`,
    )
    .action(async (_options: unknown, command: Command) => {
      // The options of the command above come with the same names: whoever gave one gave it to this.
      const args = Object.entries(command.optsWithGlobals<Record<string, string>>())
        .filter(([name]) => ['data', 'config', 'reason'].includes(name))
        .flatMap(([name, value]) => [`--${name}`, value]);
      process.exitCode = await runProgram('@sentinel/server/break-glass', args);
    });
  for (const [name, description] of Object.entries(MAINTENANCE)) {
    server
      .command(name)
      .description(description)
      .helpOption(false)
      .allowUnknownOption()
      .argument('[options...]')
      .action(async (words: readonly string[]) => {
        process.exitCode = await runProgram('@sentinel/server/maintain', [name, ...words]);
      });
  }
}
