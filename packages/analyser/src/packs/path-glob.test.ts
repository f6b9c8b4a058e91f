import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsGlob } from './path-glob.ts';

test('fits whole paths, with stars within and across folders', () => {
  const cases: readonly [string, string, boolean][] = [
    ['/srv/etl/*.py', '/srv/etl/a.py', true],
    ['/srv/etl/*.py', '/srv/etl/old/a.py', false],
    ['/srv/**/a.py', '/srv/a.py', true],
    ['/srv/**/a.py', '/srv/etl/old/a.py', true],
    ['/srv/**/a.py', '/srv/xa.py', false],
    ['**', '/anything/at/all', true],
    ['/srv/**', '/srv/etl/a.py', true],
    ['/srv/?.py', '/srv/a.py', true],
    ['/srv/?.py', '/srv/ab.py', false],
    ['C:\\Jobs\\*.py', 'C:/Jobs/a.py', true],
    ['/srv/a.py', '/srv/a_py', false],
    ['*', '', true],
    ['', 'a', false],
  ];
  assert.deepEqual(
    cases.map(([glob, path]) => [glob, path, fitsGlob(glob, path)]),
    cases,
  );
});

test('survives a glob that is all stars', () => {
  assert.equal(fitsGlob(`${'*a'.repeat(500)}b`, 'a'.repeat(5_000)), false);
});
