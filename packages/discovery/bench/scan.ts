/// <reference types="node" />
/**
 * Prints as JSON what a scan costs beside `find` over the same generated tree.
 *
 *     node packages/discovery/bench/scan.ts [--entries 500000] [--rounds 3] [--folder DIR] [--only STEP,STEP] [--tree DIR]
 *
 * Every measurement is a process of its own, start of Node included, on a warm cache; rounds are interleaved and
 * medians count. `walk` reads every folder and looks at nothing; `scan` is everything but the analysis of sources;
 * `state` is a scan that also writes what the next one can start from; `rescan` starts from that, the tree unchanged.
 * `built` steps run in the program that endpoints get (`packaging/build-app.ts`): JavaScript, with its code from Node's
 * compile cache; the others begin by taking the types out of TypeScript. `rescan again` is the same work in a program that
 * runs already, such as an agent. `command` is `sentinel scan --no-analysis --state FILE --resume` of that program as a
 * whole, its report in a file included. Beside the time stands the time of processors, which a loaded machine changes less.
 * The tree lies in a temporary folder (below `--folder`) and goes away; with `--tree` one that is there is measured.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { growTree } from './grow-tree.ts';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: tmpdir() },
    only: { type: 'string' },
    tree: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
/** A measured process: all of it, its own work, its processor time, its largest memory. */
interface Taken {
  readonly ms: number;
  readonly ownMs: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

const STEP = join(import.meta.dirname, 'scan-step.ts');
/** Prints the largest memory of a program that does not do so by itself. */
const TELL_MEMORY = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stdout.write(`0\\n${process.resourceUsage().maxRSS / 1024}\\n`))",
)}`;
const root = mkdtempSync(join(values.folder, 'sentinel-bench-'));
try {
  const tree = values.tree ?? join(root, 'tree');
  const state = join(root, 'state');
  const entries = values.tree === undefined ? growTree(tree, Number(values.entries)) : entriesBelow(tree);
  process.stderr.write(`${entries} entries\n`);
  const compiled = { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') };
  const app = join(root, 'app');
  const builtStep = buildWithSteps(app);
  const ourStep = (name: string) => () => measure(process.execPath, [STEP, name, tree, state]);
  const builtStepOf = (name: string) => () => measure(process.execPath, [builtStep, name, tree, state], compiled);
  const main = join(app, 'packages', 'cli', 'src', 'main.js');
  const asked = ['scan', '--root', tree, '--no-analysis', '--state', `${state}.command`, '--out', `${state}.json`];
  const command = (more: readonly string[]) => () =>
    measure(process.execPath, ['--import', TELL_MEMORY, main, ...asked, ...more], compiled);
  const steps: Record<string, () => Taken> = {
    find: () => measure('find', [tree]),
    walk: ourStep('walk'),
    scan: ourStep('scan'),
    'scan built': builtStepOf('scan'),
    state: ourStep('state'),
    'state built': builtStepOf('state'),
    rescan: ourStep('rescan'),
    'rescan built': builtStepOf('rescan'),
    'rescan again': () => {
      const taken = builtStepOf('rescan-again')();
      return { ...taken, ms: taken.ownMs };
    },
    'rescan by command': command(['--resume']),
  };
  const wanted = values.only?.split(',');
  const names = Object.keys(steps).filter((name) => name === 'find' || (wanted?.includes(name) ?? true));
  // Caches of the disk and of compiled code are warm before anything counts, and a rescan needs a state.
  for (const name of ['find', 'state built', 'rescan built']) steps[name]?.();
  if (names.includes('rescan by command')) command([])();
  const taken = new Map<string, Taken[]>(names.map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const name of names) taken.get(name)?.push(...[steps[name]?.()].filter((one) => one !== undefined));
  const median = (name: string, of: 'ms' | 'cpuMs') => {
    const all = (taken.get(name) ?? []).map((one) => one[of]).sort((a, b) => a - b);
    return all[Math.floor(all.length / 2)] ?? Number.NaN;
  };
  const rssMb = (name: string) => Math.max(...(taken.get(name) ?? []).map((one) => one.rssMb));
  const find = median('find', 'ms');
  const measurements = names
    .filter((name) => name !== 'find')
    .map((name) => ({
      name: `${name} of ${entries} entries`,
      ratio: median(name, 'ms') / find,
      cpuRatio: median(name, 'cpuMs') / median('find', 'cpuMs'),
      baseline: `find ${Math.round(find)} ms`,
      measured: `${Math.round(median(name, 'ms'))} ms, ${Math.round(median(name, 'cpuMs'))} ms of processors, ${Math.round(rssMb(name))} MB`,
    }));
  process.stdout.write(`${JSON.stringify({ load: readFileSync('/proc/loadavg', 'utf8').trim(), measurements })}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** Number of files and folders. */
function entriesBelow(tree: string): number {
  const { stdout } = spawnSync('find', [tree, '-printf', '.'], { maxBuffer: 1e9 });
  return stdout.length;
}

/** Puts the built program into a folder, with the steps beside it. File of the steps. */
function buildWithSteps(app: string): string {
  mkdirSync(app);
  const build = join(import.meta.dirname, '..', '..', '..', 'packaging', 'build-app.ts');
  // The packaging is no package of ours that another may import.
  const asked = 'import(process.argv[1]).then(({ buildApp }) => buildApp(process.argv[2]))';
  const { status, stderr } = spawnSync(process.execPath, ['--eval', asked, build, app], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const folder = join(app, 'packages', 'discovery', 'bench');
  mkdirSync(folder);
  for (const name of ['scan-step', 'plain-walk']) {
    const source = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8'));
    writeFileSync(join(folder, `${name}.js`), source.replaceAll(".ts'", ".js'"));
  }
  return join(folder, 'scan-step.js');
}

/** Runs a program to its end: times, and its largest memory where it prints one. */
function measure(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Taken {
  const cpuBefore = childrenCpuMs();
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', program === 'find' ? 'ignore' : 'pipe', 'pipe'],
  });
  const ms = performance.now() - startedMs;
  if (status !== 0) throw new Error(stderr);
  const [ownMs = 0, rss = 0] = program === 'find' ? [] : stdout.trim().split('\n').slice(-2).map(Number);
  return { ms, ownMs, cpuMs: childrenCpuMs() - cpuBefore, rssMb: rss };
}

/** Processor time of all ended children, to 10 ms. Source: proc_pid_stat(5), fields 16 and 17. */
function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
