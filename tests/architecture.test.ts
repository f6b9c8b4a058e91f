import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** What each package may import of ours. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  policy: ['protocol'],
  detector: ['protocol'],
  analyser: ['protocol'],
  discovery: ['protocol'],
  capture: ['protocol'],
  client: ['protocol'],
  /** The analyser in threads of their own: what leaves the endpoint are facts of a source, and sources without credentials. */
  agent: ['protocol', 'capture', 'client', 'policy', 'discovery', 'analyser', 'detector'],
  simulator: ['protocol', 'client', 'detector'],
  server: ['protocol', 'policy', 'detector'],
  console: ['protocol', 'client'],
  cli: ['protocol', 'capture', 'client', 'analyser', 'discovery', 'policy', 'detector', 'simulator'],
};

/** What tests and benchmarks of any package may import beyond that: the server is tested through its typed client, and by a fleet. */
const ALLOWED_IN_TESTS: readonly string[] = ['protocol', 'client', 'simulator'];

/** Packages that a browser loads: nothing of Node may be imported there. */
const BROWSER: readonly string[] = ['protocol', 'client', 'console', 'policy'];

/** Files that run in Node although their package runs in the browser. */
const NODE_FILES = new Set(['packages/console/build.ts', 'packages/console/vite.config.ts']);

interface Import {
  readonly file: string;
  readonly owner: string;
  readonly specifier: string;
}

const files = globSync('packages/*/**/*.{ts,tsx}', { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] });
const imports = files.flatMap(importsOf);

test('the import check sees every package and says how many files it saw', (t) => {
  const seen = Object.groupBy(files, ownerOf);
  t.diagnostic(`${files.length} files, ${imports.length} imports`);
  assert.deepEqual(Object.keys(seen).sort(), Object.keys(ALLOWED).sort());
  for (const [owner, ofOwner] of Object.entries(seen)) assert.ok((ofOwner?.length ?? 0) > 0, `${owner} has files`);
  assert.ok(files.length >= 100, `saw only ${files.length} files`);
  assert.ok(imports.length >= files.length, `saw only ${imports.length} imports in ${files.length} files`);
});

test('a package imports only what stands below it', () => {
  const wrong = imports.filter(({ file, owner, specifier }) => {
    const target = /^@sentinel\/([a-z]+)/.exec(specifier)?.[1];
    const allowed = [...(ALLOWED[owner] ?? []), ...(isTestCode(file) ? ALLOWED_IN_TESTS : [])];
    return target !== undefined && target !== owner && !allowed.includes(target);
  });
  assert.deepEqual(wrong, []);
});

test('a package reaches another only by its name', () => {
  const wrong = imports.filter(({ file, owner, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const target = relative(ROOT, resolve(ROOT, file, '..', specifier))
      .split(sep)
      .join('/');
    return !target.startsWith(`packages/${owner}/`) && target !== 'package.json';
  });
  assert.deepEqual(wrong, []);
});

test('what a browser loads imports nothing of Node', () => {
  const wrong = imports.filter(
    ({ file, owner, specifier }) =>
      BROWSER.includes(owner) && !NODE_FILES.has(file) && !isTestCode(file) && specifier.startsWith('node:'),
  );
  assert.deepEqual(wrong, []);
});

test('a feature of the console imports no other feature', () => {
  const featureOf = (path: string) => /packages\/console\/src\/features\/([^/]+)\//.exec(path)?.[1];
  const wrong = imports.filter(({ file, specifier }) => {
    const own = featureOf(file);
    const target = specifier.startsWith('.')
      ? featureOf(relative(ROOT, resolve(ROOT, file, '..', specifier)))
      : undefined;
    return own !== undefined && target !== undefined && own !== target;
  });
  assert.deepEqual(wrong, []);
});

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(
    /(?:^|[\s;])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...found].map((match) => ({ file, owner: ownerOf(file), specifier: match[1] ?? match[2] ?? match[3] ?? '' }));
}

function isTestCode(file: string): boolean {
  return file.endsWith('.test.ts') || file.includes('/testing/') || file.includes('/bench/');
}

function ownerOf(file: string): string {
  return file.split(/[\\/]/)[1] ?? '';
}
