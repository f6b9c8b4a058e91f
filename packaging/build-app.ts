/**
 * Puts together the program that endpoints get: plain JavaScript, the probe, the rule packs, and the
 * libraries that they need; no types, no tests, no server.
 */
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
/** Packages of ours that work on an endpoint. */
const PACKAGES = ['protocol', 'policy', 'detector', 'analyser', 'discovery', 'capture', 'client', 'agent', 'cli'];
/** Libraries whose code is only needed where they are built. */
const LEFT_OUT = new Set(['node-gyp-build', 'node-addon-api']);
/** What no program reads. */
const UNREAD = /\.d\.[mc]?ts$|\.map$|\.md$|^(test|tests|docs?|examples?|benchmarks?|browser|debug)\//i;
/** A file of ours in an import or in a `new URL`, by its relative path. */
const OWN_FILE = /(['"`])(\.{0,2}\/?[\w./-]+)\.ts\1/g;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, string>> | string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Writes the program into an empty folder; gives its version. */
export function buildApp(folder: string): string {
  const libraries = new Set<string>();
  for (const name of PACKAGES) {
    copyOwn(name, folder);
    for (const library of Object.keys(manifestOf(join(ROOT, 'packages', name)).dependencies ?? {}))
      addLibrary(library, libraries);
  }
  for (const library of libraries) copyLibrary(library, folder);
  copyProbe(folder);
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}\n');
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  return manifestOf(join(ROOT, 'packages', 'cli')).version;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Copies a package of ours without its types and tests, and makes its exports known by name. */
function copyOwn(name: string, folder: string): void {
  const from = join(ROOT, 'packages', name);
  const to = join(folder, 'packages', name);
  const manifest = manifestOf(from);
  for (const file of globSync('{src,packs}/**/*.*', { cwd: from })) {
    if (/\.test\.ts$|\/(?:testing|fixtures)\//.test(file)) continue;
    const target = join(to, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    if (file.endsWith('.ts')) writeFileSync(target, plain(readFileSync(join(from, file), 'utf8')));
    else cpSync(join(from, file), target);
  }
  writeFileSync(
    join(to, 'package.json'),
    `${JSON.stringify({ name: manifest.name, version: manifest.version, type: 'module' })}\n`,
  );
  writeDoors(manifest, name, join(folder, 'node_modules', manifest.name));
}

/** JavaScript of a source, with its imports of our files renamed. */
function plain(source: string): string {
  return stripTypeScriptTypes(source, { mode: 'strip' }).replaceAll(OWN_FILE, '$1$2.js$1');
}

/** A package that only points into ours: links are not to be had on every platform. */
function writeDoors(manifest: Manifest, name: string, folder: string): void {
  const given = typeof manifest.exports === 'string' ? { '.': manifest.exports } : (manifest.exports ?? {});
  const exports: Record<string, string> = {};
  mkdirSync(folder, { recursive: true });
  for (const [door, target] of Object.entries(given)) {
    if (!target.endsWith('.ts')) continue;
    const file = door === '.' ? 'index.js' : `${door.slice(2).replaceAll('/', '-')}.js`;
    exports[door] = `./${file}`;
    const path = `../../../packages/${name}/${target.replace(/^\.\//, '').replace(/\.ts$/, '.js')}`;
    writeFileSync(join(folder, file), `export * from '${path}';\n`);
  }
  const content = { name: manifest.name, version: manifest.version, type: 'module', exports };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content)}\n`);
}

function addLibrary(name: string, libraries: Set<string>): void {
  if (name.startsWith('@sentinel/') || LEFT_OUT.has(name) || libraries.has(name)) return;
  libraries.add(name);
  for (const next of Object.keys(manifestOf(join(ROOT, 'node_modules', name)).dependencies ?? {}))
    addLibrary(next, libraries);
}

function copyLibrary(name: string, folder: string): void {
  const from = join(ROOT, 'node_modules', name);
  const isGrammar = name === 'tree-sitter-python';
  for (const entry of globSync('**/*', { cwd: from, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name).slice(from.length + 1);
    if (UNREAD.test(file) || file.startsWith('node_modules/') || (name === 'zod' && /^(?:src|v3)\/|\.cjs$/.test(file)))
      continue;
    if (isGrammar && !/\.wasm$|^package\.json$|^LICENSE/.test(file)) continue;
    const target = join(folder, 'node_modules', name, file);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(from, file), target);
  }
}

function copyProbe(folder: string): void {
  const from = join(ROOT, 'probe', 'src');
  for (const file of globSync('sentinel_probe/**/*.*', { cwd: from })) {
    if (/__pycache__|\.pyc$/.test(file)) continue;
    const target = join(folder, 'probe', 'src', file);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(from, file), target);
  }
}
