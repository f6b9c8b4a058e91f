import { dataFolder } from '@sentinel/capture';
import type { Command } from 'commander';
import { runProgram } from '../run-program.ts';

/** Adds `sentinel agent attach`. */
export function registerAgentAttach(agent: Command): void {
  agent
    .command('attach')
    .description('Starts the probe in a run of your own that goes on already; CPython 3.14 or later, on Linux.')
    .argument('<pid>', 'process id')
    .option('--json', 'print one object as JSON')
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .addHelpText(
      'after',
      `
Examples:
  sentinel agent attach 4711
  sentinel agent attach 4711 --json | jq -r .kind

What it did before is not known. A process says no with PYTHON_DISABLE_REMOTE_DEBUG=1 or -X disable-remote-debug.

Exit codes: 0 the probe runs in it, 1 refused, 2 asked; it waits for something and has the probe once it goes on.`,
    )
    .action(async (pid: string, options: { json?: true; data?: string }) => {
      const args = [pid, '--data', dataFolder(options.data), ...(options.json === true ? ['--json'] : [])];
      process.exitCode = await runProgram('@sentinel/agent/attach', args);
    });
}
