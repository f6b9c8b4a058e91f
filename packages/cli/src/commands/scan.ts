import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { compareReports, decodeState, encodeState, type ScanComparison, type ScanState } from '@sentinel/discovery';
import { ScanReport } from '@sentinel/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { terminalStyle } from '../report/terminal-style.ts';
import { isFolder } from '../scan/is-folder.ts';
import { makeReport } from '../scan/make-report.ts';
import { ProgressLine } from '../scan/progress-line.ts';
import { formatByName, formatScan, REPORT_FORMATS, type ReportFormat } from '../scan/report-format.ts';
import { terminalSummary } from '../scan/terminal-summary.ts';
import { writeOut } from '../scan/write-out.ts';

interface ScanCommandOptions {
  readonly root?: string[];
  readonly format?: ReportFormat;
  readonly out?: string;
  readonly json?: true;
  readonly compare?: string;
  readonly cpu?: number;
  readonly state?: string;
  readonly resume?: true;
  readonly analysis: boolean;
  readonly network?: true;
  readonly systemRoot?: string;
}

const EVENT_EVERY_MS = 500;
const DEFAULT_OUT = 'sentinel-scan.html';
const INTERRUPTED = 130;

/** Adds `sentinel scan`. */
export function registerScan(program: Command): void {
  program
    .command('scan')
    .summary('find every Python on this computer, without installing or starting anything')
    .description(
      'Looks at this computer and reports every Python interpreter, environment, package, script, notebook, schedule, ' +
        'launcher and running Python, with the risk of what people wrote. Starts no program, opens no connection, fetches ' +
        'nothing from a cloud and writes nothing but the report.',
    )
    .option('--root <dir>', 'folder to look at instead of the whole computer; may be repeated', collect)
    .addOption(
      new Option('--format <format>', 'form of the report (default: by the name of --out, else html)').choices(
        REPORT_FORMATS,
      ),
    )
    .option(
      '--out <file>',
      `file for the report, - for standard output (default: ${DEFAULT_OUT} for html, else standard output)`,
    )
    .option('--json', 'print events as lines of JSON on standard output: progress, each find, and the summary')
    .option('--compare <old.json>', 'show what changed since an older report in JSON')
    .option('--cpu <percent>', 'take at most so much of one core', percent)
    .option('--state <file>', 'keep here what a later scan can start from')
    .option('--resume', 'start from --state: what did not change is not read again, an interrupted scan goes on')
    .option('--no-analysis', 'inventory only')
    .option('--network', 'also look at shares on other computers')
    .addOption(new Option('--system-root <dir>', 'take a folder for the root of a computer, such as a mounted disk'))
    .addHelpText(
      'after',
      `
Examples:
  sentinel scan
  sentinel scan --root ~/Documents --root /srv/scripts --out report.html
  sentinel scan --format json --out monday.json
  sentinel scan --compare monday.json --out changes.html
  sentinel scan --cpu 20 --state scan.state          then, after Ctrl-C or next week, with --resume
  sentinel scan --format cyclonedx --out python.cdx.json

Exit codes: 0 done; 1 it could not be done; 2 usage; 130 interrupted, with the report of what was seen until then.`,
    )
    .action(async (options: ScanCommandOptions, command: Command) => {
      process.exitCode = await scanCommand(options, command);
    });
}

async function scanCommand(options: ScanCommandOptions, command: Command): Promise<number> {
  const wrong = (message: string): number => {
    writeOut(2, `sentinel scan: ${message}\n`);
    return 2;
  };
  const roots = options.root?.map((root) => resolve(root));
  const missing = roots?.find((root) => !isFolder(root));
  if (missing !== undefined) return wrong(`there is no folder ${missing}`);
  if (options.resume === true && options.state === undefined) return wrong('--resume needs --state FILE');
  const old = options.compare === undefined ? undefined : readReport(options.compare);
  if (typeof old === 'string') return wrong(old);
  let state: ScanState | undefined;
  if (options.resume === true && options.state !== undefined) {
    if (!existsSync(options.state)) return wrong(`there is no state ${options.state}`);
    state = decodeState(readFileSync(options.state, 'utf8'));
    if (state === undefined)
      writeOut(2, 'sentinel scan: the state is damaged or of another version; starting afresh\n');
  }
  const isEvents = options.json === true;
  const emit = (event: object) => {
    if (isEvents) writeOut(1, `${JSON.stringify(event)}\n`);
  };
  const stop = new AbortController();
  const line = new ProgressLine(isatty(2) && !isEvents, process.stderr.columns ?? 100);
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    stop.abort();
    line.clear();
    writeOut(2, 'stopping; press again to leave at once\n');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  let eventMs = 0;
  const isDue = () => {
    const nowMs = performance.now();
    if (!isEvents || nowMs - eventMs < EVENT_EVERY_MS) return false;
    eventMs = nowMs;
    return true;
  };
  const startedMs = performance.now();
  try {
    const version = command.parent?.version() ?? '';
    const made = await makeReport({
      product: `Sentinel ${version}`,
      wantsAnalysis: options.analysis,
      ...(roots === undefined ? {} : { roots }),
      ...(options.systemRoot === undefined ? {} : { systemRoot: resolve(options.systemRoot) }),
      ...(options.cpu === undefined ? {} : { cpuPercent: options.cpu }),
      ...(options.network === undefined ? {} : { takesNetwork: true }),
      ...(state === undefined ? {} : { state }),
      keepsState: options.state !== undefined,
      signal: stop.signal,
      onProgress: ({ folders, entries, scripts, share, path }) => {
        const rate = Math.round(entries / ((performance.now() - startedMs) / 1000));
        line.draw(
          'looking',
          share,
          `${folders.toLocaleString('en-US')} folders, ${rate.toLocaleString('en-US')} entries/s`,
          path,
        );
        if (isDue()) emit({ event: 'progress', stage: 'walk', folders, entries, scripts, share, path });
      },
      onAssess: ({ done, total, path }) => {
        line.draw(
          'analysing',
          done / total,
          `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`,
          path,
        );
        if (isDue()) emit({ event: 'progress', stage: 'analyse', done, total, path });
      },
    });
    line.clear();
    const { report } = made;
    if (options.state !== undefined && made.state !== undefined) writeReplacing(options.state, encodeState(made.state));
    const comparison = old === undefined ? undefined : compareReports(old, report);
    const isInterrupted = stop.signal.aborted;
    if (isEvents) emitFinds(emit, report, comparison);
    writeReport(report, comparison, options);
    if (isInterrupted && options.state !== undefined)
      writeOut(2, `go on with: sentinel scan --state ${options.state} --resume\n`);
    return isInterrupted ? INTERRUPTED : 0;
  } catch (error) {
    line.clear();
    writeOut(2, `sentinel scan: ${(error as Error).message}\n`);
    return 1;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function writeReport(report: ScanReport, comparison: ScanComparison | undefined, options: ScanCommandOptions): void {
  const format = options.format ?? formatByName(options.out ?? '') ?? 'html';
  const isEvents = options.json === true;
  // The stream of events is the report, unless a file is asked for.
  if (isEvents && options.out === undefined) return;
  const out = options.out ?? (format === 'html' ? DEFAULT_OUT : '-');
  const text = formatScan(report, format, comparison);
  if (out === '-') {
    if (!isEvents) writeOut(1, text);
    return;
  }
  writeFileSync(out, text);
  if (isEvents) return;
  const style = terminalStyle(process.env, isatty(2), process.stderr.columns);
  writeOut(2, `${terminalSummary(report, style)}\nreport: ${resolve(out)}\n`);
}

function emitFinds(emit: (event: object) => void, report: ScanReport, comparison: ScanComparison | undefined): void {
  for (const [kind, finds] of Object.entries(report.inventory))
    for (const find of finds) emit({ event: 'found', kind, find });
  for (const assessment of report.assessments) emit({ event: 'assessed', ...assessment });
  if (comparison !== undefined) emit({ event: 'compared', comparison });
  const { inventory: _inventory, assessments: _assessments, ...summary } = report;
  emit({ event: 'done', ...summary });
}

function readReport(path: string): ScanReport | string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return `--compare: ${(error as Error).message}`;
  }
  try {
    return ScanReport.parse(JSON.parse(text));
  } catch {
    return `--compare: ${path} is no report of a scan in JSON`;
  }
}

/** Replaces a file at once: a reader never sees half of it. */
function writeReplacing(path: string, text: string): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function percent(value: string): number {
  const number = Number(value);
  if (!(number >= 1 && number <= 100)) throw new InvalidArgumentError('a number from 1 to 100 is needed');
  return number;
}
