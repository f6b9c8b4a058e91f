/// <reference types="node" />
/**
 * Prints what all detectors cost on the labelled scripts, through the pool, beside bandit over the same files.
 *
 *     node packages/analyser/bench/throughput.ts [--workers 2] [--rounds 7] [--bandit PROGRAM] [--json]
 *
 * Rounds are interleaved, medians count. A script counts as 2 KB: bytes are counted and divided. The scripts are read
 * and analysed, never run; bandit is left out where it is not installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { AnalysisPool } from '../src/pool.ts';

const SCRIPT_BYTES = 2_048;
/** Times that the set is given to the pool in one round: a round shorter than a second is mostly noise. */
const COPIES = 6;

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '7' },
    bandit: { type: 'string', default: 'bandit' },
    json: { type: 'boolean', default: false },
  },
});
const corpus = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus', 'scripts', 'scripts.jsonl.gz');
if (!existsSync(corpus)) {
  process.stderr.write('The labelled corpus is not here (../shared/corpus beside the repository).\n');
  process.exit(2);
}
const sources = gunzipSync(readFileSync(corpus))
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => Buffer.from((JSON.parse(line) as { text: string }).text));
const units = sources.reduce((sum, { length }) => sum + length, 0) / SCRIPT_BYTES;
const workers = Number(values.workers);
const folder = mkdtempSync(join(tmpdir(), 'sentinel-throughput-'));
const baseRss = process.memoryUsage.rss();
const pool = new AnalysisPool({ workers });
try {
  mkdirSync(join(folder, 'scripts'));
  sources.forEach((bytes, at) => writeFileSync(join(folder, 'scripts', `s${at}.py`), bytes));
  const hasBandit = spawnSync(values.bandit, ['--version']).status === 0;
  const rounds: { pool: number; cpu: number; bandit: number }[] = [];
  let peakRss = 0;
  let failures = 0;
  const analyseAll = async (): Promise<void> => {
    const all = Array.from({ length: COPIES }, () => sources).flat();
    const analyses = await Promise.all(all.map((bytes) => pool.analyse(bytes, { path: 'script.py' })));
    failures = analyses.filter((analysis) => analysis.failures.length > 0).length / COPIES;
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  };
  for (let warm = 0; warm < 2; warm += 1) await analyseAll();
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    await analyseAll();
    const poolMs = performance.now() - startedMs;
    const { user, system } = process.cpuUsage(cpu);
    const banditMs = hasBandit ? timeBandit(values.bandit, join(folder, 'scripts')) : Number.NaN;
    rounds.push({
      pool: (units * COPIES * 1_000) / poolMs,
      cpu: (user + system) / 1_000 / (units * COPIES),
      bandit: (units * 1_000) / banditMs,
    });
  }
  const median = (part: 'pool' | 'cpu' | 'bandit') =>
    rounds.map((one) => one[part]).sort((a, b) => a - b)[rounds.length >> 1] ?? 0;
  const figures = {
    workers,
    scripts: sources.length,
    meanBytes: Math.round((units * SCRIPT_BYTES) / sources.length),
    scriptsOf2KilobytesPerSecond: Math.round(median('pool')),
    slowestRoundPerSecond: Math.round(Math.min(...rounds.map((one) => one.pool))),
    cpuMsPerScript: Number(median('cpu').toFixed(3)),
    ...(hasBandit
      ? {
          banditScriptsPerSecond: Math.round(median('bandit')),
          timesBandit: Number(median('pool').toFixed(0)) / Number(median('bandit').toFixed(0)),
        }
      : {}),
    memoryMbPerWorker: Math.round((peakRss - baseRss) / workers / 1_000_000),
    scriptsWithFailures: failures,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(30)} ${value}\n`);
  if (!hasBandit) process.stderr.write('bandit is not installed: no ratio to it\n');
} finally {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds that bandit needs for a folder, its start included. */
function timeBandit(program: string, path: string): number {
  const startedMs = performance.now();
  spawnSync(program, ['-q', '-r', path, '-f', 'json', '-o', join(folder, 'bandit.json')], { stdio: 'ignore' });
  return performance.now() - startedMs;
}
