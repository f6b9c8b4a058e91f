import { existsSync, writeFileSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { dataFolder, PROBE_FOLDER, probeEnvironment, stageProbe } from '@sentinel/capture';
import type { RunReport } from '@sentinel/protocol';
import type { Command } from 'commander';
import { formatReport } from '../report/format-report.ts';
import { terminalStyle } from '../report/terminal-style.ts';
import { collectReport } from '../run/collect-report.ts';
import { endLike, launchProgram, type ProgramResult } from '../run/launch-program.ts';
import { makeObservationFolder } from '../run/observation-folder.ts';

interface RunOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly report?: string;
  readonly data?: string;
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
    .option('--data <dir>', 'data folder (default: SENTINEL_DATA, else the data folder of the user)')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Examples:
  sentinel run -- python3 report.py --month 5
  sentinel run --json -- python3 report.py | tail -n 1 > report.json
  sentinel run --report report.txt -- ./nightly.sh

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
  const data = dataFolder(options.data);
  const folder = makeObservationFolder(data);
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
    giveReport(collected.report, result, options);
  } catch (error) {
    // A fault of ours must not hide how the program ended.
    tell(`sentinel run: no report: ${(error as Error).message}\n`);
  } finally {
    folder.release(isComplete);
  }
  return result?.kind === 'ended' ? await endLike(result) : 1;
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
