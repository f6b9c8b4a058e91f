import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { agentFolders, dataFolder } from '@sentinel/capture';
import { scan } from '@sentinel/discovery';
import { Command } from 'commander';
import { compileProbe, deinstrument, type InstrumentResult, instrument } from './instrument.ts';
import { type Manifest, readManifest, withManifest } from './manifest.ts';
import { openProbePlaces } from './spool-access.ts';
import { hostsOf, type Target, targetAt, targetsOf } from './target.ts';

interface Options {
  readonly all?: true;
  readonly root?: string[];
  readonly json?: true;
  readonly dryRun?: true;
  readonly compile: boolean;
  readonly data?: string;
}

/** What `--json` prints. */
interface Report {
  readonly isDryRun: boolean;
  readonly results: readonly InstrumentResult[];
  /** Where new environments are instrumented by themselves. */
  readonly watched: readonly string[];
  readonly notes: readonly string[];
}

const program = new Command('sentinel agent');
for (const verb of ['install', 'uninstall'] as const)
  program
    .command(verb)
    .argument('[paths...]')
    .option('--all')
    .option('--root <dir...>')
    .option('--json')
    .option('--dry-run')
    .option('--no-compile')
    .option('--data <dir>')
    .action((paths: string[], options: Options) => run(verb, paths, options));
await program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`sentinel agent: ${(error as Error).message}\n`);
  process.exitCode = 1;
});

async function run(verb: 'install' | 'uninstall', paths: readonly string[], options: Options): Promise<void> {
  if (paths.length > 0 === (options.all === true)) throw new Error('name interpreters or environments, or say --all');
  const data = dataFolder(options.data);
  const path = agentFolders(data).instrumentation;
  const { targets, roots, hosts } = await chooseTargets(verb, paths, options, path);
  const { home, spool, notes } = openProbePlaces(data);
  const isDryRun = options.dryRun === true;
  const settings = { home, spool, isDryRun, compiles: options.compile };
  const work = async (manifest: Manifest, save: () => Promise<void>) => {
    const results: InstrumentResult[] = [];
    if (roots !== undefined && !isDryRun) Object.assign(manifest, { roots: [...roots], hosts });
    if (verb === 'uninstall' && options.all === true) delete manifest.roots;
    for (const target of targets) {
      results.push(await (verb === 'install' ? instrument : deinstrument)(target, manifest, settings));
      manifest.exempt = manifest.exempt.filter((key) => key !== target.key);
      // Said by name, so it stays so, also where new environments are instrumented by themselves.
      if (verb === 'uninstall' && options.all !== true) manifest.exempt.push(target.key);
      if (!isDryRun) await save();
    }
    return { isDryRun, results, watched: manifest.roots ?? [], notes } satisfies Report;
  };
  const report = isDryRun ? await work(readManifest(path), () => Promise.resolve()) : await withManifest(path, work);
  if (verb === 'install' && !isDryRun && options.compile) await compileProbe(readManifest(path), home);
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : describe(report));
  const bad: readonly InstrumentResult['outcome'][] = ['failed', 'cannot-run', 'read-only'];
  process.exitCode = report.results.some(({ outcome }) => bad.includes(outcome)) ? 2 : 0;
}

async function chooseTargets(
  verb: 'install' | 'uninstall',
  paths: readonly string[],
  options: Options,
  manifestPath: string,
): Promise<{ targets: readonly Target[]; roots?: readonly string[]; hosts?: Manifest['hosts'] }> {
  if (options.all !== true) {
    const targets = paths.map((path) => {
      const known = readManifest(manifestPath).entries.find(({ key, executable }) =>
        [key, executable].includes(resolve(path)),
      );
      const target =
        targetAt(path) ?? (known && { key: known.key, executable: known.executable, environment: known.environment });
      if (target === undefined) throw new Error(`${path} is no Python, no environment and no folder of an interpreter`);
      return target;
    });
    return { targets };
  }
  if (verb === 'uninstall') {
    const { entries } = readManifest(manifestPath);
    return { targets: entries.map(({ key, executable, environment }) => ({ key, executable, environment })) };
  }
  const roots = (options.root ?? []).map((root) => resolve(root));
  for (const root of roots) if (!statSync(root).isDirectory()) throw new Error(`${root} is no folder`);
  const { inventory } = await scan(roots.length === 0 ? {} : { roots });
  return { targets: targetsOf(inventory), roots: roots.length === 0 ? ['/'] : roots, hosts: hostsOf(inventory) };
}

function describe({ results, watched, notes, isDryRun }: Report): string {
  const lines = results.map(({ executable, environment, version, outcome, reason, files }) => {
    const detail = [version, files.length === 0 ? '' : `${files.length} files`, reason ?? ''].filter(
      (part) => part !== '' && part !== undefined,
    );
    return `${outcome.padEnd(20)} ${environment ?? executable}${detail.length === 0 ? '' : `  (${detail.join(', ')})`}`;
  });
  if (results.length === 0) lines.push('nothing found');
  if (isDryRun) lines.push('nothing was written: --dry-run');
  if (watched.length > 0)
    lines.push(`new environments are instrumented by the running agent below ${watched.join(', ')}`);
  return [...lines, ...notes.map((note) => `note: ${note}`), ''].join('\n');
}
