/// <reference types="node" />
/**
 * Prints as JSON what a scan costs beside `find` over the same generated tree.
 *
 *     node packages/discovery/bench/scan.ts [--entries 500000] [--rounds 3] [--json]
 *
 * Every measurement is a process of its own, start of Node included, on a warm cache; rounds are interleaved and
 * medians count. `walk` reads every folder and looks at nothing; `scan` is everything but the analysis of sources;
 * `rescan` starts from the state of a scan of the unchanged tree. The tree lies in a temporary folder and goes away.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const STEP = join(import.meta.dirname, 'scan-step.ts');
const root = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
try {
  const tree = join(root, 'tree');
  const state = join(root, 'state');
  const entries = growTree(tree, Number(values.entries));
  process.stderr.write(`${entries} entries\n`);
  const steps: Record<string, () => { ms: number; rssMb: number }> = {
    find: () => measure('find', [tree]),
    walk: () => measure(process.execPath, [STEP, 'walk', tree]),
    scan: () => measure(process.execPath, [STEP, 'scan', tree]),
    rescan: () => measure(process.execPath, [STEP, 'rescan', tree, state]),
  };
  measure('find', [tree]);
  measure(process.execPath, [STEP, 'state', tree, state]);
  const taken = new Map<string, { ms: number; rssMb: number }[]>(Object.keys(steps).map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [name, step] of Object.entries(steps)) taken.get(name)?.push(step());
  const of = (name: string) => (taken.get(name) ?? []).sort((a, b) => a.ms - b.ms);
  const median = (name: string) => of(name)[Math.floor(of(name).length / 2)]?.ms ?? Number.NaN;
  const rss = (name: string) => Math.max(...of(name).map(({ rssMb }) => rssMb));
  const find = median('find');
  const measurements = ['walk', 'scan', 'rescan'].map((name) => ({
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
function measure(program: string, args: readonly string[]): { ms: number; rssMb: number } {
  const startedMs = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', program === 'find' ? 'ignore' : 'pipe', 'pipe'],
  });
  const ms = performance.now() - startedMs;
  if (status !== 0) throw new Error(stderr);
  return { ms, rssMb: program === 'find' ? 0 : Number(stdout.trim().split('\n').at(-1)) };
}

/** Grows a tree in the proportions of a work machine: few scripts, some environments, many other files. */
function growTree(tree: string, wanted: number): number {
  const grown = { entries: 0 };
  const folder = (path: string) => {
    mkdirSync(path, { recursive: true });
    grown.entries += 1;
  };
  const file = (path: string, content = '') => {
    writeFileSync(path, content);
    grown.entries += 1;
  };
  const endings = ['.txt', '.xlsx', '.h', '.c', '.js', '.json', '.png', '.so', '.html', ''];
  for (let user = 0; grown.entries < wanted; user += 1) {
    const home = join(tree, 'home', `user${user}`);
    for (let project = 0; project < 40 && grown.entries < wanted; project += 1) {
      for (let part = 0; part < 12; part += 1) {
        const path = join(home, `project${project}`, `part${part}`, 'inner');
        folder(path);
        for (let index = 0; index < 14; index += 1) {
          // One extensionless file in a hundred, as measured on real machines.
          const ending = endings[(index + part) % endings.length] ?? '';
          file(
            join(path, `file${index}${ending === '' && index > 0 ? '.log' : ending}`),
            ending === '' ? 'plain text\n' : '',
          );
        }
      }
      file(join(home, `project${project}`, 'report.py'), `# ${user} ${project}\nimport csv\n`);
      const prefix = join(home, `project${project}`, '.venv');
      const site = join(prefix, 'lib', 'python3.12', 'site-packages');
      if (project % 10 !== 0) continue;
      folder(site);
      file(join(prefix, 'pyvenv.cfg'), 'home = /usr/bin\nversion = 3.12.1\n');
      mkdirSync(join(prefix, 'bin'));
      symlinkSync('/usr/bin/env', join(prefix, 'bin', 'python'));
      for (let index = 0; index < 30; index += 1) {
        folder(join(site, `package${index}-1.${index}.dist-info`));
        file(join(site, `package${index}-1.${index}.dist-info`, 'INSTALLER'), 'pip\n');
        folder(join(site, `package${index}`));
        for (let module = 0; module < 25; module += 1) file(join(site, `package${index}`, `m${module}.py`));
      }
    }
  }
  return grown.entries;
}
