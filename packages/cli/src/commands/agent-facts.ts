import { accessSync, constants, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { agentFolders, dataFolder } from '@sentinel/capture';
import { activityTypes, SentLine } from '@sentinel/protocol';
import type { Command } from 'commander';
import { runProgram } from '../run-program.ts';

interface SentOptions {
  readonly data?: string;
  readonly json?: true;
  readonly lines: number;
}

/** What no activity holds, whatever a script does. Source: docs/architecture.md, privacy. */
const NEVER = [
  'contents of files, prompts, answers and rows',
  'values of parameters, of the environment and of arguments',
  'query strings of addresses',
  'the clipboard, the screen, keystrokes',
  'secrets: only that there was one, of which kind, and where',
];

/** Adds `sentinel agent doctor`, `sent` and `about-me`. */
export function registerAgentFacts(agent: Command): void {
  agent
    .command('doctor')
    .description('Looks at the agent and all around it, and says what to do about what is wrong.')
    .option('--json', 'print one object as JSON')
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .addHelpText('after', '\nExit codes: 0 all is well, 1 something is wrong, 2 there are warnings only.')
    .action(async (options: { json?: true; data?: string }) => {
      const args = ['--data', dataFolder(options.data), ...(options.json === true ? ['--json'] : [])];
      process.exitCode = await runProgram('@sentinel/agent/doctor', args);
    });
  agent
    .command('sent')
    .description('Prints what was sent to the server: whose script, how much of what, when; never what was in it.')
    .option('--lines <n>', 'at most so many batches, the newest', Number, 20)
    .option('--json', 'print a JSON object a line')
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .action((options: SentOptions) => {
      const lines = sentLines(dataFolder(options.data)).slice(-options.lines);
      if (options.json === true) process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      else process.stdout.write(lines.length === 0 ? 'Nothing was sent yet.\n' : lines.map(readable).join(''));
    });
  agent
    .command('about-me')
    .description('Says what this computer tells the company about your scripts, and what it never tells.')
    .option('--json', 'print one object as JSON')
    .option('--user <name>', 'account, by default your own; only root sees that of others')
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .action((options: { data?: string; json?: true; user?: string }) => {
      // Asked only here: it may open a socket, and every other command would then open it too.
      const own = userInfo();
      const user = options.user ?? own.username;
      if (user !== own.username && own.uid !== 0) {
        process.stderr.write('What is known of another account is shown to root only.\n');
        process.exitCode = 1;
        return;
      }
      const facts = aboutUser(sentLines(dataFolder(options.data)), user);
      process.stdout.write(options.json === true ? `${JSON.stringify(facts)}\n` : told(facts));
    });
}

/** Lines of the whole log where it may be read, else of this account's. */
function sentLines(data: string): SentLine[] {
  const whole = join(agentFolders(data).root, 'sent.log');
  const path = isReadable(whole) ? whole : join(data, 'sent', `${userInfo().uid}.log`);
  return [`${path}.1`, path].flatMap((file) => {
    try {
      return readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => {
          const parsed = SentLine.safeParse(parseJson(line)).data;
          return parsed === undefined ? [] : [parsed];
        });
    } catch {
      return [];
    }
  });
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readable({ at, sequence, sizeBytes, runs, activities }: SentLine): string {
  const scripts = runs.map(({ script, user, status }) => `${script} of ${user}, ${status}`).join('; ');
  const counts = Object.entries(activities)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ');
  return `${at}  batch ${sequence}, ${sizeBytes} bytes\n    ${scripts === '' ? 'no run' : scripts}\n    ${counts === '' ? 'no activity' : counts}\n`;
}

interface AboutUser {
  readonly user: string;
  readonly since: string | undefined;
  /** Scripts of the account that were told of, with the number of runs that ended. */
  readonly scripts: Readonly<Record<string, number>>;
  readonly collected: readonly string[];
  readonly never: readonly string[];
}

function aboutUser(lines: readonly SentLine[], user: string): AboutUser {
  const scripts: Record<string, number> = {};
  for (const { runs } of lines)
    for (const run of runs)
      if (run.user === user) scripts[run.script] = (scripts[run.script] ?? 0) + (run.status === 'ended' ? 1 : 0);
  return {
    user,
    since: lines[0]?.at,
    scripts,
    collected: Object.entries(activityTypes).map(([type, { description }]) => `${type}: ${description}`),
    never: NEVER,
  };
}

function told({ user, since, scripts, collected, never }: AboutUser): string {
  const list = Object.entries(scripts).map(
    ([script, runs]) =>
      `  ${script}: ${runs === 0 ? 'no run has ended yet' : `${runs} ${runs === 1 ? 'run' : 'runs'}`}`,
  );
  return [
    `What this computer told of ${user}${since === undefined ? '' : ` since ${since}`}:`,
    ...(list.length === 0 ? ['  nothing'] : list),
    '',
    'Told of a run: script, interpreter, account, computer, times, exit, and what it did:',
    ...collected.map((line) => `  ${line}`),
    '',
    'Never told:',
    ...never.map((line) => `  ${line}`),
    '',
    '"sentinel agent sent" shows every batch.',
    '',
  ].join('\n');
}
