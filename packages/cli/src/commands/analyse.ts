import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import type { PackSetup } from '@sentinel/analyser';
import { dataFolder } from '@sentinel/capture';
import { scan } from '@sentinel/discovery';
import { type Analysis, type DataSample, type Risk, Severity } from '@sentinel/protocol';
import { type Command, Option } from 'commander';
import { openPacks } from '../packs/open-packs.ts';
import { terminalStyle } from '../report/terminal-style.ts';
import { type AnalyserLink, openAnalyser } from '../scan/analyser-link.ts';
import { analysisText } from '../scan/analysis-text.ts';
import { isFolder } from '../scan/is-folder.ts';
import { localModules } from '../scan/local-modules.ts';
import { sarifLog, sourceFindings, suppressedFindings } from '../scan/report-sarif.ts';
import { sampleData } from '../scan/sample-data.ts';
import { writeOut } from '../scan/write-out.ts';

interface AnalyseOptions {
  readonly json?: true;
  readonly sarif?: true;
  readonly failOn: Severity | 'never';
  readonly pack: string[];
  readonly trust: string[];
  readonly data?: string;
  readonly sampleData?: true;
}

/** A source with what is said of it. */
export interface AnalysedSource {
  readonly path: string;
  readonly analysis: Analysis;
  readonly risk: Risk;
  /** What lies in the data files beside it, where that was asked for. */
  readonly dataSample?: DataSample;
}

const FINDINGS = 1;
const USAGE = 2;

/** Adds `sentinel analyse`. */
export function registerAnalyse(program: Command): void {
  program
    .command('analyse')
    .alias('analyze')
    .summary('say what Python sources could do, without running them')
    .description(
      'Analyses Python files, notebooks and folders: capabilities, where data could go, credentials, weaknesses and packages. Nothing is executed.',
    )
    .argument('<path...>', 'files or folders')
    .option('--json', 'print one line of JSON a source')
    .option('--sarif', 'print SARIF 2.1.0')
    .option('--data <dir>', 'where imported advisories lie (default: SENTINEL_DATA, else the data folder of the user)')
    .option(
      '--sample-data',
      'also look into the beginning of data files beside the sources, for kinds of personal data; values are never kept',
    )
    .option('--pack <file>', 'signed rule pack of your company; may be repeated', collect, [])
    .option('--trust <key>', 'public key whose packs are believed; may be repeated', collect, [])
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 where a finding is at least so severe')
        .choices([...Severity.options, 'never'])
        .default('high'),
    )
    .addHelpText(
      'after',
      `
Examples:
  sentinel analyse report.py
  sentinel analyse scripts/ --sarif > findings.sarif
  sentinel analyse . --fail-on medium
  sentinel analyse . --pack company.pack --trust company.pub

Exit codes: 0 no finding as severe as --fail-on; 1 there is one; 2 usage, or a path that cannot be read.`,
    )
    .action(async (paths: string[], options: AnalyseOptions, command: Command) => {
      process.exitCode = await analyseCommand(paths, options, command.parent?.version() ?? '');
    });
}

async function analyseCommand(paths: readonly string[], options: AnalyseOptions, version: string): Promise<number> {
  if (options.json === true && options.sarif === true) return wrong('--json and --sarif exclude one another');
  let files: string[];
  let packs: PackSetup | undefined;
  try {
    packs = openPacks(options.pack, options.trust, dataFolder(options.data), Date.now());
    files = await sourcesOf(paths);
  } catch (error) {
    return wrong((error as Error).message);
  }
  const localOf = localModules(files.map((path) => ({ path })));
  const link = await openAnalyser({ environments: [], packages: [] }, dataFolder(options.data), undefined, packs);
  if ('reason' in link) return wrong(link.reason);
  const analysed: AnalysedSource[] = [];
  const style = terminalStyle(process.env, isatty(1), process.stdout.columns);
  try {
    for (const path of files) {
      const source = await analyseOne(path, link, localOf(path), options.sampleData === true);
      if (typeof source === 'string') return wrong(source);
      analysed.push(source);
      if (options.json === true)
        writeOut(1, `${JSON.stringify({ ...source.analysis, risk: source.risk, dataSample: source.dataSample })}\n`);
      else if (options.sarif !== true) writeOut(1, analysisText(source, style));
    }
  } finally {
    await link.close();
  }
  if (!link.advisories.isImported) writeOut(2, `${link.advisories.note}\n`);
  if (options.sarif === true)
    writeOut(
      1,
      sarifLog(
        `Sentinel ${version}`,
        analysed.map(({ path, analysis }) => ({
          path,
          findings: [...sourceFindings(analysis), ...suppressedFindings(analysis)],
        })),
      ),
    );
  return analysed.some(({ analysis }) => reaches(analysis, options.failOn)) ? FINDINGS : 0;
}

async function analyseOne(
  path: string,
  link: AnalyserLink,
  local: ReadonlySet<string>,
  samplesData: boolean,
): Promise<AnalysedSource | string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return (error as Error).message;
  }
  const analysis = link.settle(await link.analyse(bytes, path, local), ownerOf(path));
  if (!samplesData) return { path, analysis, risk: link.riskOf(analysis, {}) };
  const dataSample = await sampleData([{ path, analysis }]);
  const { labelFlows } = await import('@sentinel/analyser');
  const labelled = labelFlows(
    analysis,
    dataSample.files.filter(({ namedBy }) => namedBy.includes(path)),
  );
  return { path, analysis: labelled, risk: link.riskOf(labelled, {}), dataSample };
}

/** Account that owns a file, where its name is known without asking anything: the own one. */
function ownerOf(path: string): string | undefined {
  const { uid, username } = userInfo();
  return uid >= 0 && statSync(path).uid === uid ? username : undefined;
}

/** Files as given, and what people wrote below the folders that are given. */
async function sourcesOf(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!isFolder(path)) {
      files.push(path);
      continue;
    }
    const { inventory } = await scan({ roots: [resolve(path)] });
    files.push(
      ...[...inventory.scripts, ...inventory.notebooks]
        .filter(({ notRead }) => notRead === undefined)
        .map((one) => one.path),
    );
  }
  return files;
}

function reaches(analysis: Analysis, limit: Severity | 'never'): boolean {
  if (limit === 'never') return false;
  const least = Severity.options.indexOf(limit);
  return sourceFindings(analysis).some(({ severity }) => Severity.options.indexOf(severity) >= least);
}

function wrong(message: string): number {
  writeOut(2, `sentinel analyse: ${message}\n`);
  return USAGE;
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
