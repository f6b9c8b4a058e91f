/// <reference types="node" />
/**
 * Prints how long each hostile source takes through the pool, and what is said of it.
 *
 *     node packages/analyser/bench/hostile.ts [--json]
 *
 * One worker, warm, the pool's own limits. Processor time stands beside the clock: a busy machine moves only the clock.
 * Exit code 1 when a source took longer than 2 s of processor time, or took its worker down.
 */
import { parseArgs } from 'node:util';
import { hostileSources } from '../src/hostile-sources.ts';
import { AnalysisPool } from '../src/pool.ts';

const LIMIT_MS = 2_000;
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const baseRss = process.memoryUsage.rss();
const pool = new AnalysisPool({ workers: 1 });
await pool.analyse(Buffer.from('import os\n'), { path: 'warm.py' });
let worstMs = 0;
let peakRss = 0;
for (const [name, bytes] of hostileSources()) {
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  const analysis = await pool.analyse(bytes, { path: 'hostile.py' });
  const tookMs = Math.round(performance.now() - startedMs);
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = Math.round((user + system) / 1_000);
  worstMs = Math.max(worstMs, cpuMs);
  const rss = process.memoryUsage.rss();
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
  `worst ${worstMs} ms of processor time, ${pool.deaths} dead workers, ${memoryMb} MB for the worker\n`,
);
process.exitCode = worstMs > LIMIT_MS || pool.deaths > 0 ? 1 : 0;
await pool.close();
