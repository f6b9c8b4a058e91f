import { constants } from 'node:os';
import { dataFolder } from '@sentinel/capture';
import { type Command, InvalidArgumentError } from 'commander';
import { DemoError } from '../demo/demo-error.ts';
import { playDemo } from '../demo/play-demo.ts';
import { conclusion, createProgressLine, describeResult, introduction } from '../demo/print-demo.ts';
import { PATIENTS, scenarios } from '../demo/scenarios.ts';

interface DemoCommandOptions {
  readonly data?: string;
  readonly scenario?: readonly number[];
  readonly patients: number;
  readonly python?: string;
  readonly json?: boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Registers `sentinel demo`. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('Play four business scripts as real Python processes under the probe.')
    .option('--data <dir>', 'data folder; the demo writes nowhere else')
    .option(
      '--scenario <n>',
      `only this script, ${scenarios.map(({ number, name }) => `${number} ${name}`).join(', ')}; may be repeated`,
      collect,
    )
    .option('--patients <n>', 'rows of the clinical database', wholeNumber, PATIENTS)
    .option('--python <path>', 'Python to make the demo environment with, 3.9 or newer')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ sentinel demo                       all five scripts
  $ sentinel demo --scenario 4          only the summary of complaints
  $ sentinel demo --patients 100000     a smaller clinical database

The first time it installs the scripts' libraries (pandas, openpyxl, openai and others, 200 MB) into
<data>/demo/python. The runs reach the console when an agent runs on the data folder: npm start.
Exit code: 0 when all scripts ran, 1 when one failed or the demo could not start.`,
    )
    .action(async (options: DemoCommandOptions) => {
      process.exitCode = await demo(options);
    });
}

async function demo(options: DemoCommandOptions): Promise<number> {
  const progressLine = createProgressLine(process.stderr);
  const stopping = new AbortController();
  let stoppedBy: (typeof SIGNALS)[number] | undefined;
  for (const name of SIGNALS) {
    process.on(name, () => {
      stoppedBy ??= name;
      stopping.abort();
    });
  }
  const asJson = options.json === true;
  const chosen = scenarios.filter(({ number }) => options.scenario?.includes(number) ?? true);
  if (!asJson) process.stdout.write(introduction(chosen.length));
  try {
    const result = await playDemo({
      dataFolder: dataFolder(options.data),
      scenarios: chosen,
      patients: options.patients,
      python: options.python,
      progress: (text) => progressLine.show(text),
      onResult: (scenario) => {
        progressLine.clear();
        if (!asJson) process.stdout.write(describeResult(scenario));
      },
      signal: stopping.signal,
      // Whoever started the demo with a channel tells a server.
      onCompany: (company) => process.send?.({ kind: 'company', company }),
    });
    progressLine.clear();
    process.stdout.write(asJson ? `${JSON.stringify(result, undefined, 2)}\n` : conclusion(result, PATIENTS));
    return result.ok ? 0 : 1;
  } catch (error) {
    progressLine.clear();
    if (stoppedBy !== undefined) return 128 + constants.signals[stoppedBy];
    if (!(error instanceof DemoError)) throw error;
    process.stderr.write(`sentinel demo: ${error.message}\n`);
    return 1;
  }
}

function collect(text: string, before: readonly number[] = []): readonly number[] {
  const value = Number(text);
  if (!scenarios.some(({ number }) => number === value))
    throw new InvalidArgumentError(`must be 1 to ${scenarios.length}.`);
  return [...before, value];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1 up.');
  return value;
}
