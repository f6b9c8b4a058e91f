/**
 * Prints what Sentinel costs, as ratios against the same work without it, measured in the same run.
 *
 *     npm run bench [-- --json] [-- --quick]
 */
import { spawnSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const asJson = process.argv.includes('--json');
const isQuick = process.argv.includes('--quick');

/** What a benchmark program prints on its last line. */
interface Measurement {
  readonly name: string;
  /** Median with Sentinel divided by median without. */
  readonly ratio: number;
  readonly baseline: string;
  readonly measured: string;
}

const programs: readonly (readonly [string, string, readonly string[]])[] = [
  ['probe', 'python3', ['probe/bench/bench_probe.py', '--json', ...(isQuick ? ['--reps', '3'] : [])]],
  ['ingest', process.execPath, ['packages/server/bench/ingest.ts', '--json', ...(isQuick ? ['--rounds', '1'] : [])]],
];

const results = programs.map(([title, command, args]) => {
  if (!asJson) process.stderr.write(`measuring ${title} …\n`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) {
    process.stderr.write(`${stderr}\n${title} failed: ${command} ${args.join(' ')}\n`);
    process.exit(1);
  }
  const last = stdout.trim().split('\n').at(-1) ?? '{}';
  return { title, measurements: (JSON.parse(last) as { measurements: Measurement[] }).measurements };
});

const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${process.platform} ${release()}, Node ${process.versions.node}`;
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
