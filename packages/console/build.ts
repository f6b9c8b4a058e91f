/**
 * Builds the console into `dist`.
 *
 * `node packages/console/build.ts [--if-stale]`; with `--if-stale` only when a source or a
 * dependency changed since the last build. Exit code 1 when the build fails.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const PACKAGE = import.meta.dirname;
const ROOT = join(PACKAGE, '../..');
const MARK = 'build.json';

/** Folder with the built console, for the server's static files. */
export const consoleFolder = join(PACKAGE, 'dist');

/** What a build depends on: our sources, those of the packages it bundles, and the exact dependencies. */
const INPUTS = [
  'packages/console/src',
  'packages/console/public',
  'packages/console/index.html',
  'packages/console/package.json',
  'packages/console/vite.config.ts',
  'packages/client/src',
  'packages/protocol/src',
  'package-lock.json',
];

/** Whether the built console fits the present sources. */
export function isFresh(): boolean {
  return readMark() === inputsHash();
}

/** Size of one built file. */
export interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/**
 * Builds beside `dist` and swaps the folders at the end, so that a broken or interrupted build leaves the old one.
 *
 * @returns The JavaScript and style files.
 */
export async function buildConsole(): Promise<BuiltFile[]> {
  const hash = inputsHash();
  const { build } = await import('vite');
  const work = join(PACKAGE, 'node_modules', `.build-${process.pid}`);
  const next = join(work, 'next');
  mkdirSync(work, { recursive: true });
  try {
    await build({
      configFile: join(PACKAGE, 'vite.config.ts'),
      root: PACKAGE,
      logLevel: 'warn',
      build: { outDir: next, emptyOutDir: true },
    });
    writeFileSync(join(next, MARK), `${JSON.stringify({ hash })}\n`);
    if (existsSync(consoleFolder)) renameSync(consoleFolder, join(work, 'previous'));
    renameSync(next, consoleFolder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return builtFiles();
}

/** The built JavaScript and style files with their sizes. */
export function builtFiles(): BuiltFile[] {
  return listFiles(consoleFolder)
    .filter((path) => /\.(?:js|css)$/.test(path))
    .map((path) => {
      const content = readFileSync(path);
      return { name: relative(consoleFolder, path), bytes: content.length, gzipBytes: gzipSync(content).length };
    });
}

function readMark(): string | undefined {
  try {
    const mark = JSON.parse(readFileSync(join(consoleFolder, MARK), 'utf8')) as { hash?: string };
    return mark.hash;
  } catch {
    return undefined;
  }
}

function inputsHash(): string {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const path of listFiles(join(ROOT, input))) {
      hash.update(relative(ROOT, path)).update('\0').update(readFileSync(path)).update('\0');
    }
  }
  return hash.digest('hex');
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function main(): Promise<void> {
  if (process.argv.includes('--if-stale') && isFresh()) {
    process.stdout.write('console: up to date\n');
    return;
  }
  process.stdout.write('console: building …\n');
  const started = performance.now();
  const files = await buildConsole();
  const bytes = files.reduce((sum, file) => sum + file.gzipBytes, 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `console: built in ${seconds} s, ${files.length} files, ${Math.round(bytes / 1000)} kB gzip, in ${basename(dirname(consoleFolder))}/dist\n`,
  );
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`console: the build failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
