/**
 * Prints what Sentinel costs, as ratios against the same work without it, measured in the same run.
 *
 *     npm run bench [-- --json] [-- --quick] [-- --anchors]
 *
 * With `--anchors` other people's instrumentations from PyPI run beside the probe.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const asJson = process.argv.includes('--json');
const isQuick = process.argv.includes('--quick');
const withAnchors = process.argv.includes('--anchors');

/** One comparison: medians of both sides of one interleaved run. */
interface Measurement {
  readonly name: string;
  /** Measured divided by baseline. */
  readonly ratio: number;
  readonly baseline: string;
  readonly measured: string;
}

interface Timing {
  readonly ms: number;
  readonly ratio: number;
}

interface ProbeReport {
  readonly python: string;
  readonly start: Readonly<Record<string, Timing>>;
  readonly workloads: Readonly<Record<string, Readonly<Record<string, Timing>>>>;
  readonly business_geometric_mean: number;
}

interface AnchorsReport {
  readonly python: string;
  readonly missing: Readonly<Record<string, string>>;
  readonly workloads: Readonly<Record<string, Readonly<Record<string, Timing>>>>;
}

interface TargetsReport {
  readonly python: string;
  readonly rows: readonly {
    readonly target: string;
    readonly value: number;
    readonly limit: number;
    readonly unit: string;
    /** The same between two bare sides. */
    readonly control: number;
    readonly holds: boolean;
  }[];
}

interface IngestReport {
  readonly rows: number;
  readonly agents: number;
  readonly httpRowsPerSecond: number;
  readonly straightRowsPerSecond: number;
  readonly ratio: number;
  readonly rowsLost: number;
}

const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${process.platform} ${release()}, Node ${process.versions.node}`;
const results = [probe(), targets(), ...(withAnchors ? [anchors()] : []), ingest()];
if (asJson) {
  process.stdout.write(`${JSON.stringify({ machine, results })}\n`);
} else {
  process.stdout.write(`${machine}\n`);
  for (const { title, measurements } of results) {
    process.stdout.write(`\n${title}\n`);
    const width = Math.max(...measurements.map(({ name }) => name.length));
    for (const { name, ratio, baseline, measured } of measurements) {
      process.stdout.write(`  ${name.padEnd(width)}  x${ratio.toFixed(3)}   ${baseline} -> ${measured}\n`);
    }
  }
}

/** The probe: start-up and whole programs, with the probe against without; `again` is the noise. */
function probe(): { title: string; measurements: Measurement[] } {
  const report = measure('the probe', 'python3', [
    'probe/bench/bench_probe.py',
    '--json',
    ...(isQuick ? ['--reps', '3', '--starts', '40'] : []),
  ]) as ProbeReport;
  const measurements: Measurement[] = [];
  const add = (name: string, bare: Timing | undefined, side: Timing | undefined) => {
    if (bare === undefined || side === undefined) return;
    measurements.push({
      name,
      ratio: side.ratio,
      baseline: `${bare.ms.toFixed(2)} ms`,
      measured: `${side.ms.toFixed(2)} ms`,
    });
  };
  const { start, workloads } = report;
  add('start, bare again (noise)', start['bare'], start['again']);
  add('start, installed', start['bare'], start['installed']);
  add('start, through PYTHONPATH', start['bare'], start['path']);
  if (existsSync('/dev/shm')) {
    const folder = mkdtempSync('/dev/shm/sentinel-bench-');
    const { start: inMemory } = measure('starts with the spool in memory', 'python3', [
      'probe/bench/bench_probe.py',
      '--json',
      '--only',
      'start',
      '--spool',
      folder,
      ...(isQuick ? ['--starts', '40'] : []),
    ]) as ProbeReport;
    rmSync(folder, { recursive: true, force: true });
    add('start, installed, spool in memory', inMemory['bare'], inMemory['installed']);
  }
  for (const [name, sides] of Object.entries(workloads)) add(name, sides['bare'], sides['probed']);
  measurements.push({
    name: 'business set, geometric mean',
    ratio: report.business_geometric_mean,
    baseline: 'bare',
    measured: 'probed',
  });
  return { title: `probe on Python ${report.python}, agent absent`, measurements };
}

/** What the probe costs against its targets, with bare against bare as control. */
function targets(): { title: string; measurements: Measurement[] } {
  const { python, rows } = measure('the targets', 'python3', [
    'probe/bench/bench_targets.py',
    '--json',
    ...(isQuick ? ['--quick'] : []),
  ]) as TargetsReport;
  return {
    title: `targets of the probe on Python ${python}`,
    measurements: rows.map(({ target, value, limit, unit, control, holds }) => ({
      name: target,
      ratio: value / limit,
      baseline: `target ${limit} ${unit}, control ${control}`,
      measured: `${value} ${unit}${holds ? '' : '  OVER'}`,
    })),
  };
}

/** The probe beside other instrumentations, each in an environment of its own, in one interleaved run. */
function anchors(): { title: string; measurements: Measurement[] } {
  const { python, missing, workloads } = measure('the probe beside others', 'python3', [
    'probe/bench/bench_anchors.py',
    '--json',
    ...(isQuick ? ['--reps', '2', '--starts', '5'] : []),
  ]) as AnchorsReport;
  const measurements = Object.entries(workloads).flatMap(([workload, sides]) =>
    Object.entries(sides)
      .filter(([side]) => side !== 'bare')
      .map(([side, { ms, ratio }]) => ({
        name: `${workload}, ${side === 'again' ? 'bare again (noise)' : side}`,
        ratio,
        baseline: `${sides['bare']?.ms.toFixed(1)} ms`,
        measured: `${ms.toFixed(1)} ms`,
      })),
  );
  const absent = Object.keys(missing);
  return {
    title: `beside others on Python ${python}${absent.length > 0 ? `; not installable here: ${absent.join(', ')}` : ''}`,
    measurements,
  };
}

/** Ingest over HTTP with durable acknowledgement, against writing the same rows straight into the store. */
function ingest(): { title: string; measurements: Measurement[] } {
  const report = measure('ingest', process.execPath, [
    'packages/server/bench/ingest.ts',
    ...(isQuick ? ['--rounds', '1'] : []),
  ]) as IngestReport;
  const rate = (value: number) => `${Math.round(value).toLocaleString('en')} rows/s`;
  return {
    title: `ingest, ${report.rows.toLocaleString('en')} rows from ${report.agents} agents, ${report.rowsLost} lost`,
    measurements: [
      {
        name: 'rows/s over HTTP, durable, against straight into the store',
        ratio: report.ratio,
        baseline: rate(report.straightRowsPerSecond),
        measured: rate(report.httpRowsPerSecond),
      },
    ],
  };
}

function measure(title: string, command: string, args: readonly string[]): unknown {
  if (!asJson) process.stderr.write(`measuring ${title} …\n`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) {
    process.stderr.write(`${stderr}\nmeasuring ${title} failed: ${command} ${args.join(' ')}\n`);
    process.exit(1);
  }
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
}
