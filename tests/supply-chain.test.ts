import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { schemaErrors } from '../packages/cli/src/scan/testing/schema-errors.ts';
import { auditLock, compareSemver } from '../tools/supply-chain/audit-lock.ts';
import { makeSbom } from '../tools/supply-chain/make-sbom.ts';
import { readLock } from '../tools/supply-chain/read-lock.ts';

const ROOT = join(import.meta.dirname, '..');
const lock = readLock(ROOT);

/** Licences that let us ship what is under them. */
const LICENCES = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  // Files under it stay under it; we change none of them.
  'MPL-2.0',
  '(MIT OR Apache-2.0)',
]);
/** Licence files that stand where the package itself says nothing: read by a person. */
const READ_BY_HAND: Readonly<Record<string, string>> = { 'png-js': 'MIT' };
/** Packages whose install script was read: chdb's does nothing, tree-sitter-python's takes the binary that came with it. */
const SCRIPTS_READ = ['chdb', 'tree-sitter-python'];

test('every package is pinned by its hash, and ours name exact versions only', () => {
  assert.ok(lock.packages.length > 200 && lock.own.length > 40, 'the lock file was not read');
  assert.deepEqual(
    lock.packages
      .filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))
      .map(({ place }) => place),
    [],
  );
  assert.deepEqual(
    lock.own.filter(({ wanted }) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(wanted)),
    [],
  );
});

test('only packages that were looked at run a script when they are installed', () => {
  assert.deepEqual(
    lock.packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name),
    SCRIPTS_READ,
  );
});

test('everything that is shipped has a licence that allows it', () => {
  assert.deepEqual(
    lock.packages
      .filter(
        ({ name, isDev, license, isOptional }) =>
          !isDev && !LICENCES.has(license ?? READ_BY_HAND[name] ?? '') && !(isOptional && license === undefined),
      )
      .map(({ name, license }) => `${name}: ${license ?? 'none'}`),
    [],
  );
});

test('the bill of materials is CycloneDX 1.6, names what is shipped with hash and licence, and is the same every time', () => {
  const text = makeSbom(lock, { name: 'sentinel', version: '0.1.0' });
  assert.equal(text, makeSbom(readLock(ROOT), { name: 'sentinel', version: '0.1.0' }));
  assert.deepEqual(schemaErrors('cyclonedx-1.6', text), []);
  const { components, dependencies } = JSON.parse(text) as {
    components: { name: string; purl: string; hashes?: object[]; licenses?: object[] }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };
  const references = new Set(components.map(({ purl }) => purl));
  assert.deepEqual(
    components.filter(({ hashes }) => hashes === undefined),
    [],
  );
  assert.ok(references.has(`pkg:npm/zod@${lock.packages.find(({ place }) => place === 'node_modules/zod')?.version}`));
  assert.ok(!components.some(({ name }) => name === 'playwright-core'), 'what is only for work on it is not shipped');
  for (const { dependsOn } of dependencies) for (const one of dependsOn) assert.ok(references.has(one), one);
});

test('an advisory is told of the versions that it names and of no other, without a network', () => {
  const zod = lock.packages.find(({ name }) => name === 'zod');
  const advisory = (id: string, events: object[], over: object = {}) => ({
    id,
    summary: 'made up',
    affected: [{ package: { ecosystem: 'npm', name: 'zod' }, ranges: [{ type: 'SEMVER', events }] }],
    ...over,
  });
  const records = [
    advisory('A-all', [{ introduced: '0' }]),
    advisory('B-fixed-before', [{ introduced: '0' }, { fixed: zod?.version }]),
    advisory('C-last', [{ introduced: '0' }, { last_affected: zod?.version }]),
    advisory('D-later', [{ introduced: '999.0.0' }]),
    advisory('E-withdrawn', [{ introduced: '0' }], { withdrawn: '2026-01-01T00:00:00Z' }),
    { id: 'F-other', affected: [{ package: { ecosystem: 'PyPI', name: 'zod' }, versions: [zod?.version] }] },
    { id: 'G-named', affected: [{ package: { ecosystem: 'npm', name: 'zod' }, versions: [zod?.version] }] },
    'no record',
    null,
  ];
  assert.deepEqual([...new Set(auditLock(lock, records).map(({ id }) => id))], ['A-all', 'C-last', 'G-named']);

  const folder = mkdtempSync(join(tmpdir(), 'sentinel-audit-test-'));
  try {
    const run = () => spawnSync(process.execPath, ['tools/audit.ts', folder], { cwd: ROOT, encoding: 'utf8' });
    assert.equal(run().status, 2);
    writeFileSync(join(folder, 'd.json'), JSON.stringify(records[3]));
    assert.equal(run().status, 0);
    writeFileSync(join(folder, 'a.json'), JSON.stringify([records[0]]));
    const told = run();
    assert.deepEqual([told.status, told.stdout.split(' ')[0]], [1, 'A-all']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('versions are ordered as Semantic Versioning says', () => {
  const ordered = [
    '0.9.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1',
    '1.10.0',
  ];
  assert.deepEqual(ordered.toReversed().sort(compareSemver), ordered);
  assert.equal(compareSemver('1.0.0+a', '1.0.0+b'), 0);
});
