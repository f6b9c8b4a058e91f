import type { Command } from 'commander';
import { consoleFolder } from '../console-folder.ts';
import { runProgram } from '../run-program.ts';

/** Registers `sentinel server`. */
export function registerServer(program: Command): void {
  program
    .command('server')
    .description('Run the server with its console: enrolment, ingest, API.')
    .option('--config <file>', 'JSON file with the same settings')
    .option('--data <dir>', 'data folder of the server')
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <n>', 'port to listen on, 0 for a free one (default 7390)')
    .option('--public-url <url>', 'URL under which people and agents reach it')
    .addHelpText(
      'after',
      `
Examples:
  $ sentinel server --data ~/sentinel            embedded stores in one folder, console on http://127.0.0.1:7390
  $ sentinel server --config sentinel.json       the same from a file`,
    )
    .action(async (options: Readonly<Record<string, string>>) => {
      const args = ['--console', await consoleFolder()];
      for (const [name, value] of Object.entries(options)) {
        args.push(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
      }
      process.exitCode = await runProgram('@sentinel/server/main', args);
    });
}
