import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { buildConsole, builtFiles, consoleFolder, isFresh } from '@sentinel/console/build';

const INITIAL_LIMIT = 180_000;
const CHUNK_LIMIT = 60_000;

before(async () => {
  if (!isFresh()) await buildConsole();
});

/** Files that a module imports at once, itself included. */
function closure(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const source = readFileSync(join(consoleFolder, 'assets', name), 'utf8');
  for (const [, imported = ''] of source.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) closure(imported, seen);
  return seen;
}

test('what the first page loads is at most 180 kB gzip, and what a page adds at most 60 kB', (t) => {
  const page = readFileSync(join(consoleFolder, 'index.html'), 'utf8');
  const entry = /<script type="module"[^>]+src="\/assets\/([\w.-]+\.js)"/.exec(page)?.[1];
  assert.ok(entry !== undefined, 'index.html names its entry');
  const sizes = new Map(
    builtFiles()
      .filter(({ name }) => name.startsWith('assets/'))
      .map(({ name, gzipBytes }) => [name.slice('assets/'.length), gzipBytes]),
  );
  const initial = closure(entry);
  const weigh = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
  t.diagnostic(`initial ${weigh(initial)} bytes gzip in ${initial.size} files`);
  assert.ok(weigh(initial) <= INITIAL_LIMIT, `initial JavaScript is ${weigh(initial)} bytes gzip`);

  const chunks = [...sizes.keys()].filter((name) => name.endsWith('.js') && !initial.has(name));
  assert.ok(chunks.length > 5, 'pages are loaded when they are asked for');
  for (const chunk of chunks) {
    const added = weigh([...closure(chunk)].filter((name) => !initial.has(name)));
    t.diagnostic(`${chunk}: ${added}`);
    assert.ok(added <= CHUNK_LIMIT, `${chunk} adds ${added} bytes gzip`);
  }
});

test('the built console names no other origin to load from', () => {
  for (const { name } of builtFiles()) {
    const source = readFileSync(join(consoleFolder, name), 'utf8');
    assert.doesNotMatch(source, /(?:import\(|from |url\(|fetch\()["']?https?:/, name);
  }
});
