import { readFileSync } from 'node:fs';
import { agentFolders, dataFolder, runningAgent } from '@sentinel/capture';
import { AgentStatus } from '@sentinel/protocol';
import { type Command, Option } from 'commander';
import { type AgentView, formatAgentStatus } from '../report/format-agent-status.ts';
import { terminalStyle } from '../report/terminal-style.ts';
import { runProgram } from '../run-program.ts';

/** Age beyond which a status file, rewritten every second, says that the agent hangs. */
const STALE_MS = 10_000;

/** Adds `sentinel agent`. */
export function registerAgent(program: Command): void {
  const agent = program
    .command('agent')
    .summary('run the agent of this computer, or see how it does')
    .description('The service on an endpoint.');
  agent
    .command('run')
    .description('Receives from the probes of this computer and ships to a server, until it is told to stop.')
    .option('--server <url>', 'address of the server; remembered after enrolment')
    .addOption(new Option('--token <token>', 'enrolment token, needed once').env('SENTINEL_TOKEN'))
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .addHelpText(
      'after',
      `
Examples:
  sentinel agent run --server https://sentinel.example --token et_1a2b
  SENTINEL_TOKEN=et_1a2b sentinel agent run --server https://sentinel.example
  sentinel agent run                      once enrolled

Exit codes: 0 after it was told to stop, 1 when the settings cannot work.`,
    )
    .action(async (options: { server?: string; token?: string; data?: string }) => {
      const args = [
        '--data',
        dataFolder(options.data),
        ...(options.server === undefined ? [] : ['--server', options.server]),
      ];
      // By the environment, so that the list of processes does not show it.
      if (options.token !== undefined) process.env['SENTINEL_TOKEN'] = options.token;
      process.exitCode = await runProgram('@sentinel/agent/main', args);
    });
  agent
    .command('status')
    .description('Says whether the agent runs, whether the server answers it, and what waits.')
    .option('--json', 'print one object as JSON')
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .addHelpText(
      'after',
      `
Examples:
  sentinel agent status
  sentinel agent status --json | jq .status.counters

Exit codes: 0 running and in contact with the server, 1 not running, 2 running without contact.`,
    )
    .action((options: { json?: true; data?: string }) => {
      const report = readAgent(dataFolder(options.data), Date.now());
      const style = terminalStyle(process.env, process.stdout.isTTY, process.stdout.columns);
      process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : formatAgentStatus(report, style));
      process.exitCode = !report.running ? 1 : report.inContact ? 0 : 2;
    });
}

/** What `status --json` prints. */
function readAgent(data: string, nowMs: number): AgentView {
  const pid = runningAgent(data);
  const status = readStatus(agentFolders(data).status);
  const ageMs = status === undefined ? null : Math.max(0, nowMs - Date.parse(status.writtenAt));
  const isFresh = pid !== undefined && status?.pid === pid && ageMs !== null && ageMs < STALE_MS;
  return {
    running: pid !== undefined,
    inContact: isFresh && status.isInContact,
    pid: pid ?? null,
    ageMs,
    status: status ?? null,
  };
}

function readStatus(path: string): AgentStatus | undefined {
  try {
    return AgentStatus.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
