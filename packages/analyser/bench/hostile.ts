/// <reference types="node" />
/**
 * Prints how long each hostile source takes through the pool, how much memory at its highest, and what is said of it.
 *
 *     node packages/analyser/bench/hostile.ts [--json]
 *
 * One worker, warm, the pool's own limits. Processor time stands beside the clock: a busy machine moves only the clock.
 * Memory is that of the worker with the thread that feeds it, less what this process had before; its peak is set back before
 * each source where the system can do that (Linux). Exit code 1 when a source took longer than 2 s of processor time, more than
 * 300 MB, or its worker down.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hostileSources } from '../src/hostile-sources.ts';
import { AnalysisPool } from '../src/pool.ts';

const LIMIT_MS = 2_000;
const LIMIT_MB = 300;
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const sources = hostileSources();
const baseRss = process.memoryUsage.rss();
const pool = new AnalysisPool({ workers: 1 });
await pool.analyse(Buffer.from('import os\n'), { path: 'warm.py' });
let worstMs = 0;
let peakRss = 0;
for (const [name, bytes] of sources) {
  const cpu = process.cpuUsage();
  forgetPeak();
  const startedMs = performance.now();
  const analysis = await pool.analyse(bytes, { path: 'hostile.py' });
  const tookMs = Math.round(performance.now() - startedMs);
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = Math.round((user + system) / 1_000);
  worstMs = Math.max(worstMs, cpuMs);
  const rss = peakBytes();
  peakRss = Math.max(peakRss, rss);
  const row = {
    name,
    tookMs,
    cpuMs,
    rssMb: Math.round((rss - baseRss) / 1_000_000),
    parse: analysis.parse,
    failures: analysis.failures,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(row)}\n`);
  else
    process.stdout.write(
      `${name.padEnd(42)} ${String(tookMs).padStart(5)} ms ${String(cpuMs).padStart(5)} ms cpu ${String(row.rssMb).padStart(4)} MB  ${row.parse} ${row.failures.join('; ').slice(0, 90)}\n`,
    );
}
const memoryMb = Math.round((peakRss - baseRss) / 1_000_000);
process.stdout.write(
  `worst ${worstMs} ms of processor time, ${pool.deaths} dead workers, at most ${memoryMb} MB for the worker\n`,
);
process.exitCode = worstMs > LIMIT_MS || memoryMb > LIMIT_MB || pool.deaths > 0 ? 1 : 0;
await pool.close();

/** Lets the system count the peak anew. Source: proc_pid_clear_refs(5), value 5. */
function forgetPeak(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

/** Largest memory since then; what is in use now where the system does not tell. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss();
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
