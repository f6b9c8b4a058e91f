import { existsSync, writeFileSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { dataFolder, PROBE_FOLDER, probeEnvironment, stageProbe } from '@sentinel/capture';
import { endpointText } from '@sentinel/policy';
import type { RunReport } from '@sentinel/protocol';
import type { Command } from 'commander';
import { checkFiles } from '../policy/check-files.ts';
import { printChecked } from '../policy/print-checked.ts';
import { formatReport } from '../report/format-report.ts';
import { terminalStyle } from '../report/terminal-style.ts';
import { collectReport } from '../run/collect-report.ts';
import { readJudgeContext } from '../run/judge-context.ts';
import { judgeReport } from '../run/judge-report.ts';
import { endLike, launchProgram, type ProgramResult } from '../run/launch-program.ts';
import { makeObservationFolder } from '../run/observation-folder.ts';

interface RunOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly report?: string;
  readonly data?: string;
  readonly policy?: string[];
  readonly context?: string;
}

/** Adds `sentinel run`. */
export function registerRun(program: Command): void {
  // What stands behind the program's name belongs to the program.
  program.enablePositionalOptions();
  program
    .command('run')
    .summary('run one program and report what its Python did')
    .description(
      'Runs a program and reports what every Python in it did. No server is needed. Output, input, signals and exit code ' +
        'are those of the program. When an agent runs on the data folder, the run also reaches the console.',
    )
    .argument('<program>', 'program to run, such as python3')
    .argument('[args...]', 'its arguments')
    .option('--json', 'print the report as one line of JSON on standard output, after all output of the program')
    .option('--report <file>', 'write the report to a file: JSON with --json or a name that ends in .json, else text')
    .option('--quiet', 'print no report')
    .option(
      '--policy <path>',
      'policy file or folder to hold for this run; may be repeated',
      (path: string, all: string[]) => [...all, path],
      [],
    )
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .option(
      '--context <file>',
      "what your company knows, as JSON: calendar, labels of places, approved hosts and models (default: none of it, so hours, labels of places and approvals are not judged; the script's own text and imported advisories are)",
    )
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Examples:
  sentinel run -- python3 report.py --month 5
  sentinel run --json -- python3 report.py | tail -n 1 > report.json
  sentinel run --report report.txt -- ./nightly.sh
  sentinel run --policy policies/ -- python3 report.py
  sentinel run --context company.json -- python3 report.py

A context file may hold any of these (all of them are optional):
  {"calendar": {"days": ["mon","tue","wed","thu","fri"], "from": "07:00", "to": "19:00", "timeZone": "Europe/Berlin",
                "holidays": ["2026-12-25"]},
   "schedules": [{"from": "01:00", "to": "03:00", "approvedBy": "IT"}],
   "labels": [{"kind": "table", "match": "patients", "labels": ["health"]},
              {"kind": "path", "match": "**/share/hr/**", "labels": ["personal"], "place": "share"}],
   "mailDomains": ["example.com"], "ai": {"approved": ["azure.ai.openai"]}, "hosts": {"approved": ["example.com"]},
   "limits": {"bulkRows": 10000}}

Exit codes: those of the program; 126 when it may not be executed, 127 when there is none; the same
signal when a signal ended it.`,
    )
    .action(async (name: string, args: string[], options: RunOptions) => {
      process.exitCode = await runProgramUnderProbe(name, args, options);
    });
}

async function runProgramUnderProbe(program: string, args: readonly string[], options: RunOptions): Promise<number> {
  if (!existsSync(PROBE_FOLDER)) {
    tell(`sentinel run: the probe is missing: ${PROBE_FOLDER}\n`);
    return 126;
  }
  const policyText = policyTextOf(options.policy ?? []);
  if (policyText === null) return 126;
  const data = dataFolder(options.data);
  let context: ReturnType<typeof readJudgeContext>;
  try {
    context = readJudgeContext(options.context);
  } catch (error) {
    tell(`sentinel run: ${(error as Error).message}\n`);
    return 126;
  }
  const folder = makeObservationFolder(data, policyText);
  let result: ProgramResult | undefined;
  let isComplete = true;
  try {
    result = await launchProgram(program, args, probeEnvironment(process.env, folder.path, stageProbe(data)));
    if (result.kind === 'not-started') {
      tell(`sentinel run: ${result.message}\n`);
      return result.exitCode;
    }
    const collected = collectReport(folder.path, result.pid, result, Date.now());
    isComplete = collected.isComplete;
    if (isReportWanted(options)) {
      const { report, problems } = await judgeReport(collected.report, context, data);
      for (const problem of problems) tell(`sentinel run: not judged: ${problem}\n`);
      giveReport(report, result, options);
    }
  } catch (error) {
    // A fault of ours must not hide how the program ended.
    tell(`sentinel run: no report: ${(error as Error).message}\n`);
  } finally {
    folder.release(isComplete);
  }
  return result?.kind === 'ended' ? await endLike(result) : 1;
}

/** Policies as the probe reads them; undefined without any, null after saying what is wrong with them. */
function policyTextOf(paths: readonly string[]): string | undefined | null {
  if (paths.length === 0) return undefined;
  try {
    const files = checkFiles(paths);
    const compiled = files.map((file) => file.compiled).filter((one) => one !== undefined);
    const isGood = !files.some(({ problems }) => problems.some(({ level }) => level === 'error'));
    if (isGood && compiled.length > 0 && compiled.length === files.length) return endpointText(compiled);
    tell(`sentinel run: the program was not started, because a policy has errors:\n${printChecked(files)}`);
  } catch (error) {
    tell(`sentinel run: the program was not started, because a policy cannot be read: ${(error as Error).message}\n`);
  }
  return null;
}

function isReportWanted({ json, quiet, report }: RunOptions): boolean {
  return json === true || report !== undefined || quiet !== true;
}

function giveReport(report: RunReport, result: Extract<ProgramResult, { kind: 'ended' }>, options: RunOptions): void {
  if (options.report !== undefined) {
    const isJson = options.json === true || options.report.endsWith('.json');
    const plain = { hasColour: false, width: 100, isUnicode: true };
    writeFileSync(options.report, isJson ? `${JSON.stringify(report)}\n` : formatReport(report, result, plain));
  } else if (options.json === true) {
    // The program may have left a line open.
    writeAll(1, `\n${JSON.stringify(report)}\n`);
  } else if (options.quiet !== true) {
    tell(`\n${formatReport(report, result, terminalStyle(process.env, isatty(2), process.stderr.columns))}`);
  }
}

function tell(text: string): void {
  writeAll(2, text);
}

/** Writes everything now; waits where a pipe is full, and gives up where nobody reads any more. */
function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
