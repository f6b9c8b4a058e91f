import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import type { PackSetup } from '@sentinel/analyser';
import { compareReports, encodeState, readState, type ScanComparison, type ScanState } from '@sentinel/discovery';
import type { ScanReport } from '@sentinel/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { terminalStyle } from '../report/terminal-style.ts';
import { formatByName, REPORT_FORMATS, type ReportFormat } from '../scan/format-by-name.ts';
import { isFolder } from '../scan/is-folder.ts';
import { makeReport } from '../scan/make-report.ts';
import { ProgressLine } from '../scan/progress-line.ts';
import { jsonReport } from '../scan/report-json.ts';
import { terminalSummary } from '../scan/terminal-summary.ts';
import { writeOut } from '../scan/write-out.ts';

// Shapes, analyser and client are loaded where they are needed, which is after the walk: they are as large as it is.

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
  readonly sampleData?: true;
  readonly network?: true;
  readonly systemRoot?: string;
  readonly data?: string;
  readonly sign?: string;
  readonly verify?: string;
  readonly upload?: string;
  readonly token?: string;
  readonly uploadReport?: string;
  readonly pack?: string[];
  readonly trust?: string[];
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
        'launcher and running Python, with the risk of what people wrote. Starts no program, opens no connection unless told to --upload, fetches ' +
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
    .option(
      '--sample-data',
      'also look into the beginning of data files beside the scripts, for kinds of personal data; values are never kept',
    )
    .option('--sign <key>', 'sign the report by a file beside it, FILE.sig; the key is made on first use')
    .option('--verify <report>', 'check the signature of a report instead of scanning; --trust says whose it must be')
    .option('--upload <url>', 'send the inventory to a Sentinel server')
    .option('--token <token>', 'enrolment token for --upload (default: SENTINEL_TOKEN)')
    .option('--upload-report <report.json>', 'with --upload: send this report of another computer instead of scanning')
    .option('--data <dir>', 'where imported advisories lie (default: SENTINEL_DATA, else the data folder of the user)')
    .option('--pack <file>', 'signed rule pack of your company; may be repeated', collect)
    .option('--trust <key>', 'public key whose packs and signatures are believed; may be repeated', collect)
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
  sentinel scan --out report.json --sign scan.key    then, anywhere, sentinel scan --verify report.json
  sentinel scan --upload https://sentinel.example --token enr_...
  sentinel scan --upload https://sentinel.example --token enr_... --upload-report report.json

Exit codes: 0 done; 1 it could not be done, or a signature does not fit; 2 usage; 130 interrupted, with the report of what was seen until then.`,
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
  if (options.verify !== undefined) {
    const { sayWhetherSigned } = await import('../scan/deliver-report.ts');
    return sayWhetherSigned(options.verify, options.trust ?? []);
  }
  const token = options.token ?? process.env['SENTINEL_TOKEN'];
  if (options.upload !== undefined && token === undefined) return wrong('--upload needs --token, or SENTINEL_TOKEN');
  const target = options.upload === undefined || token === undefined ? undefined : { url: options.upload, token };
  if (options.uploadReport !== undefined) {
    if (target === undefined) return wrong('--upload-report needs --upload URL');
    const saved = await readReport('--upload-report', options.uploadReport);
    if (typeof saved === 'string') return wrong(saved);
    const { sendReport } = await import('../scan/deliver-report.ts');
    return sendReport(saved, target);
  }
  if (options.sign !== undefined && outOf(options) === '-') return wrong('--sign needs a report in a file: --out FILE');
  const roots = options.root?.map((root) => resolve(root));
  const missing = roots?.find((root) => !isFolder(root));
  if (missing !== undefined) return wrong(`there is no folder ${missing}`);
  if (options.resume === true && options.state === undefined) return wrong('--resume needs --state FILE');
  const old = options.compare === undefined ? undefined : await readReport('--compare', options.compare);
  if (typeof old === 'string') return wrong(old);
  let packs: PackSetup | undefined;
  try {
    packs = await packsOf(options);
  } catch (error) {
    return wrong((error as Error).message);
  }
  let state: ScanState | undefined;
  if (options.resume === true && options.state !== undefined) {
    if (!existsSync(options.state)) return wrong(`there is no state ${options.state}`);
    state = readState(options.state);
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
      dataFolder: () => dataFolderOf(options),
      ...(packs === undefined ? {} : { packs }),
      wantsAnalysis: options.analysis,
      samplesData: options.sampleData === true,
      ...(roots === undefined ? {} : { roots }),
      ...(options.systemRoot === undefined ? {} : { systemRoot: resolve(options.systemRoot) }),
      ...(options.cpu === undefined ? {} : { cpuPercent: options.cpu }),
      ...(options.network === undefined ? {} : { takesNetwork: true }),
      ...(state === undefined ? {} : { state }),
      keepsState: options.state !== undefined,
      ...(target === undefined ? {} : { uploadsTo: target.url }),
      keepsFiles: [
        ...(options.state === undefined ? [] : (['state'] as const)),
        ...(options.sign === undefined ? [] : (['signature'] as const)),
      ],
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
    // Where nothing changed the file says it already.
    if (options.state !== undefined && made.state !== undefined && made.state !== state)
      writeReplacing(options.state, encodeState(made.state));
    const comparison = old === undefined ? undefined : compareReports(old, report);
    const isInterrupted = stop.signal.aborted;
    if (isEvents) emitFinds(emit, report, comparison);
    await writeReport(report, comparison, options);
    if (isInterrupted && options.state !== undefined)
      writeOut(2, `go on with: sentinel scan --state ${options.state} --resume\n`);
    if (isInterrupted) return INTERRUPTED;
    if (target === undefined) return 0;
    const { sendReport } = await import('../scan/deliver-report.ts');
    return await sendReport(report, target);
  } catch (error) {
    line.clear();
    writeOut(2, `sentinel scan: ${(error as Error).message}\n`);
    return 1;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

async function dataFolderOf({ data }: ScanCommandOptions): Promise<string> {
  const { dataFolder } = await import('@sentinel/capture');
  return dataFolder(data);
}

async function packsOf(options: ScanCommandOptions): Promise<PackSetup | undefined> {
  const { pack = [], trust = [] } = options;
  if (pack.length === 0) return undefined;
  const { openPacks } = await import('../packs/open-packs.ts');
  return openPacks(pack, trust, await dataFolderOf(options), Date.now());
}

async function writeReport(
  report: ScanReport,
  comparison: ScanComparison | undefined,
  options: ScanCommandOptions,
): Promise<void> {
  const format = formatOf(options);
  const isEvents = options.json === true;
  // The stream of events is the report, unless a file is asked for.
  if (isEvents && options.out === undefined) return;
  // Who uploads needs no file, unless he asks for one.
  if (options.upload !== undefined && options.out === undefined && options.format === undefined) return;
  const out = outOf(options);
  const text =
    format === 'json'
      ? jsonReport(report, comparison)
      : (await import('../scan/report-format.ts')).formatScan(report, format, comparison);
  if (out === '-') {
    if (!isEvents) writeOut(1, text);
    return;
  }
  writeFileSync(out, text);
  if (options.sign !== undefined) {
    const { signReport } = await import('../scan/report-signature.ts');
    const { signingKey } = await import('../advisories/signing-key.ts');
    const { path, publicKey } = signReport(out, signingKey(options.sign).key);
    writeOut(2, `signed by ${publicKey}: ${path}\n`);
  }
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

function formatOf({ format, out }: ScanCommandOptions): ReportFormat {
  return format ?? formatByName(out ?? '') ?? 'html';
}

function outOf(options: ScanCommandOptions): string {
  return options.out ?? (formatOf(options) === 'html' ? DEFAULT_OUT : '-');
}

async function readReport(option: string, path: string): Promise<ScanReport | string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return `${option}: ${(error as Error).message}`;
  }
  const { ScanReport } = await import('@sentinel/protocol');
  try {
    return ScanReport.parse(JSON.parse(text));
  } catch {
    return `${option}: ${path} is no report of a scan in JSON`;
  }
}

/** Replaces a file at once: a reader never sees half of it. */
function writeReplacing(path: string, parts: readonly Uint8Array[]): void {
  const temporary = `${path}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    for (const part of parts) for (let at = 0; at < part.length; ) at += writeSync(descriptor, part, at);
  } finally {
    closeSync(descriptor);
  }
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
