/// <reference types="node" />
/**
 * Prints as JSON what a scan costs beside `find` over the same generated tree.
 *
 *     node packages/discovery/bench/scan.ts [--entries 500000] [--rounds 3] [--json]
 *
 * Every measurement is a process of its own, start of Node included, on a warm cache; rounds are interleaved and
 * medians count. `walk` reads every folder and looks at nothing; `scan` is everything but the analysis of sources;
 * `state` is a scan that also writes what the next one can start from; `rescan` starts from that, the tree unchanged, with
 * the start of Node and its reading of TypeScript, which is the larger part of it; `rescan again` is the same work in
 * a program that runs already. The tree lies in a temporary folder and goes away.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { growTree } from './grow-tree.ts';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
/** A measured process: all of it, its own work, its largest memory. */
interface Taken {
  readonly ms: number;
  readonly ownMs: number;
  readonly rssMb: number;
}

const STEP = join(import.meta.dirname, 'scan-step.ts');
const root = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
try {
  const tree = join(root, 'tree');
  const state = join(root, 'state');
  const entries = growTree(tree, Number(values.entries));
  process.stderr.write(`${entries} entries\n`);
  const ourStep = (name: string) => () => measure(process.execPath, [STEP, name, tree, state]);
  const steps: Record<string, () => Taken> = {
    find: () => measure('find', [tree]),
    walk: ourStep('walk'),
    scan: ourStep('scan'),
    state: ourStep('state'),
    rescan: ourStep('rescan'),
    'rescan again': () => {
      const taken = ourStep('rescan-again')();
      return { ...taken, ms: taken.ownMs };
    },
  };
  measure('find', [tree]);
  const taken = new Map<string, Taken[]>(Object.keys(steps).map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [name, step] of Object.entries(steps)) taken.get(name)?.push(step());
  const of = (name: string) => (taken.get(name) ?? []).sort((a, b) => a.ms - b.ms);
  const median = (name: string) => of(name)[Math.floor(of(name).length / 2)]?.ms ?? Number.NaN;
  const rss = (name: string) => Math.max(...of(name).map(({ rssMb }) => rssMb));
  const find = median('find');
  const measurements = Object.keys(steps)
    .filter((name) => name !== 'find')
    .map((name) => ({
      name: `${name} of ${entries} entries`,
      ratio: median(name) / find,
      baseline: `find ${Math.round(find)} ms`,
      measured: `${Math.round(median(name))} ms, ${Math.round(rss(name))} MB`,
    }));
  process.stdout.write(`${JSON.stringify({ measurements })}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** Runs a program to its end: time, and its largest memory where it prints one. */
function measure(program: string, args: readonly string[]): Taken {
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', program === 'find' ? 'ignore' : 'pipe', 'pipe'],
  });
  const ms = performance.now() - startedMs;
  if (status !== 0) throw new Error(stderr);
  const [ownMs = 0, rssMb = 0] = program === 'find' ? [] : stdout.trim().split('\n').slice(-2).map(Number);
  return { ms, ownMs, rssMb };
}
