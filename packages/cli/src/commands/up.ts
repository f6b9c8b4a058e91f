import { resolve } from 'node:path';
import { dataFolder } from '@sentinel/capture';
import { type Command, InvalidArgumentError } from 'commander';
import { up } from '../up/up.ts';

/** Registers `sentinel up`. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('Start server, console and a local agent on this computer.')
    .option('--data <dir>', 'data folder; everything Sentinel writes lies in it')
    .option('--port <n>', 'port of the console, 0 for a free one', port, 7390)
    .option('--demo', 'play the demo scripts once everything runs')
    .option('--json', 'print events as JSON lines instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ npm start                       start with your own data folder
  $ npm start -- --demo             the same, and play four business scripts
  $ sentinel up --data ./trial --port 0

Changes nothing outside the data folder. Ctrl-C stops it; the data stays for the next start.`,
    )
    .action(async (options: { data?: string; port: number; demo?: boolean; json?: boolean }) => {
      process.exitCode = await up({
        dataFolder: options.data === undefined ? dataFolder() : resolve(options.data),
        port: options.port,
        withDemo: options.demo === true,
        asJson: options.json === true,
      });
    });
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('must be 0 to 65535.');
  return value;
}
