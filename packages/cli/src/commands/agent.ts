import { readFileSync } from 'node:fs';
import { agentFolders, dataFolder, runningAgent } from '@sentinel/capture';
import { AgentStatus } from '@sentinel/protocol';
import { type Command, Option } from 'commander';
import { type AgentView, formatAgentStatus } from '../report/format-agent-status.ts';
import { terminalStyle } from '../report/terminal-style.ts';
import { runProgram } from '../run-program.ts';
import { registerAgentAttach } from './agent-attach.ts';
import { registerAgentFacts } from './agent-facts.ts';
import { registerAgentUpgrade } from './agent-upgrade.ts';

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
    .option('--server-pin <hash>', 'certificate of the server or its authority, as the server prints it; remembered')
    .option('--operator-key <key...>', 'public keys of operators whose policies and actions are taken; pinned here')
    .option('--operator-threshold <n>', 'how many of them must have signed')
    .option('--organisation <name>', 'organisation of this endpoint; pinned here')
    .option('--group <name...>', 'groups of this endpoint; pinned here')
    .addHelpText(
      'after',
      `
Examples:
  sentinel agent run --server https://sentinel.example --token et_1a2b
  SENTINEL_TOKEN=et_1a2b sentinel agent run --server https://sentinel.example
  sentinel agent run --organisation contoso --operator-key m0J…= --group finance --server https://sentinel.example
  sentinel agent run                      once enrolled

Exit codes: 0 after it was told to stop, 1 when the settings cannot work.`,
    )
    .action(async (options: RunOptions) => {
      const args = [
        '--data',
        dataFolder(options.data),
        ...(options.server === undefined ? [] : ['--server', options.server]),
        ...(options.serverPin === undefined ? [] : ['--server-pin', options.serverPin]),
        ...trustArguments(options),
      ];
      // By the environment, so that the list of processes does not show it.
      if (options.token !== undefined) process.env['SENTINEL_TOKEN'] = options.token;
      process.exitCode = await runProgram('@sentinel/agent/main', args, true);
    });
  agent
    .command('enroll')
    .description('Makes the key of this endpoint and tells the server of it; the agent need not run yet.')
    .requiredOption('--server <url>', 'address of the server')
    .addOption(new Option('--token <token>', 'enrolment token').env('SENTINEL_TOKEN'))
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .option('--operator-key <key...>', 'public keys of operators whose policies and actions are taken; pinned here')
    .option('--operator-threshold <n>', 'how many of them must have signed')
    .option('--organisation <name>', 'organisation of this endpoint; pinned here')
    .option('--group <name...>', 'groups of this endpoint; pinned here')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  SENTINEL_TOKEN=et_1a2b sentinel agent enroll --server https://sentinel.example

Exit codes: 0 enrolled, now or before, 1 refused or not reached.`,
    )
    .action(async (options: RunOptions & { server: string; json?: true }) => {
      if (options.token !== undefined) process.env['SENTINEL_TOKEN'] = options.token;
      process.exitCode = await runProgram('@sentinel/agent/enrol', [
        '--data',
        dataFolder(options.data),
        '--server',
        options.server,
        ...trustArguments(options),
        ...(options.json === true ? ['--json'] : []),
      ]);
    });
  registerInstrumentation(agent);
  registerAgentUpgrade(agent);
  registerAgentAttach(agent);
  registerAgentFacts(agent);
  agent
    .command('status')
    .description(
      'Says whether the agent runs, whether the server answers it, what waits, and which share of Python starts it covers.',
    )
    .option('--json', 'print one object as JSON')
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .addHelpText(
      'after',
      `
Examples:
  sentinel agent status
  sentinel agent status --json | jq .status.counters
  sentinel agent status --json | jq .status.coverage

Exit codes: 0 running and in contact with the server, 1 not running, 2 running without contact.`,
    )
    .action((options: { json?: true; data?: string }) => {
      const report = readAgent(dataFolder(options.data), Date.now());
      const style = terminalStyle(process.env, process.stdout.isTTY, process.stdout.columns);
      process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : formatAgentStatus(report, style));
      process.exitCode = !report.running ? 1 : report.inContact ? 0 : 2;
    });
}

/** Adds `sentinel agent install` and `uninstall`. */
function registerInstrumentation(agent: Command): void {
  const texts = {
    install: {
      description: 'Makes interpreters and environments start the probe, whoever runs them; again is as good as once.',
      examples: `  sentinel agent install ~/project/.venv /usr/bin/python3
  sentinel agent install --all                   every Python found, and from now on every new environment
  sentinel agent install --all --root /srv       the same below a folder
  sentinel agent install --all --dry-run --json`,
    },
    uninstall: {
      description: 'Puts back what stood there before, byte for byte. One that is named stays without.',
      examples: `  sentinel agent uninstall ~/project/.venv
  sentinel agent uninstall --all`,
    },
  } as const;
  for (const verb of ['install', 'uninstall'] as const) {
    const command = agent
      .command(verb)
      .description(texts[verb].description)
      .argument('[paths...]', 'interpreters, environments, or folders of interpreters')
      .option('--all', verb === 'install' ? 'every Python that a scan finds' : 'all that was instrumented')
      .option('--json', 'print one object as JSON')
      .option('--dry-run', 'say what would be written, and write nothing')
      .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)');
    if (verb === 'install')
      command
        .option('--root <dir...>', 'with --all: look only below these folders')
        .option('--no-compile', 'do not compile what was written with the interpreter itself');
    command
      .addHelpText(
        'after',
        `
Examples:
${texts[verb].examples}

Exit codes: 0 done or nothing to do, 2 some could not be changed (the reason stands beside each), 1 when nothing could begin.`,
      )
      .action(async (paths: string[], options: InstrumentOptions) => {
        process.exitCode = await runProgram('@sentinel/agent/instrument', [
          verb,
          '--data',
          dataFolder(options.data),
          ...(options.all === true ? ['--all'] : []),
          ...(options.json === true ? ['--json'] : []),
          ...(options.dryRun === true ? ['--dry-run'] : []),
          ...(options.compile === false ? ['--no-compile'] : []),
          ...(options.root === undefined ? [] : ['--root', ...options.root]),
          '--',
          ...paths,
        ]);
      });
  }
}

/** Options of `run`. */
interface RunOptions {
  readonly server?: string;
  readonly token?: string;
  readonly data?: string;
  readonly serverPin?: string;
  readonly operatorKey?: string[];
  readonly operatorThreshold?: string;
  readonly organisation?: string;
  readonly group?: string[];
}

/** What the agent is told of whom to believe. */
function trustArguments({ operatorKey = [], operatorThreshold, organisation, group = [] }: RunOptions): string[] {
  return [
    ...operatorKey.flatMap((key) => ['--operator-key', key]),
    ...(operatorThreshold === undefined ? [] : ['--operator-threshold', operatorThreshold]),
    ...(organisation === undefined ? [] : ['--organisation', organisation]),
    ...group.flatMap((name) => ['--group', name]),
  ];
}

/** Options of `install` and `uninstall`. */
interface InstrumentOptions {
  readonly all?: true;
  readonly root?: string[];
  readonly json?: true;
  readonly dryRun?: true;
  readonly compile?: boolean;
  readonly data?: string;
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
