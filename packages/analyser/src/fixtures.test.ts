import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { analysePython, type PythonMeaning } from './analyse-python.ts';
import { loadParser } from './parse.ts';

const FOLDER = new URL('fixtures/', import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));

/** `line: source -> sink (reach)` of every mark in a fixture. */
function markedFlows(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      (/# flow: (.*)$/.exec(line)?.[1] ?? '').split('; ').map((flow) => `${at + 1}: ${flow.trim()}`),
    )
    .filter((flow) => !flow.endsWith(': '))
    .sort();
}

function foundFlows({ flows }: PythonMeaning): string[] {
  return [
    ...new Set(flows.map(({ source, sink, reach }) => `${sink.place.line}: ${source.kind} -> ${sink.kind} (${reach})`)),
  ].sort();
}

function markedCapabilities(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      (/# capability: ([a-z0-9_. ]*)/.exec(line)?.[1] ?? '')
        .split(' ')
        .filter((id) => id !== '')
        .map((id) => `${at + 1}: ${id}`),
    )
    .sort();
}

before(loadParser);

test('there are fixtures', () => {
  assert.ok(names.length >= 9);
});

for (const name of names) {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');

  test(`finds exactly the marked flows of ${name}`, () => {
    assert.deepEqual(foundFlows(analysePython(text)), markedFlows(text));
  });

  test(`shows the marked capabilities of ${name} on their lines`, () => {
    const found = new Set(
      analysePython(text).capabilities.flatMap(({ id, evidence }) => evidence.map(({ line }) => `${line}: ${id}`)),
    );
    assert.deepEqual(
      markedCapabilities(text).filter((mark) => !found.has(mark)),
      [],
    );
  });
}
