import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

const SENTINEL = join(import.meta.dirname, '..', '..', 'bin', 'sentinel.js');

describe('sentinel advisories', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-cli-advisories-'));
    const from = join(folder, 'from');
    mkdirSync(join(from, 'osv'), { recursive: true });
    const record = {
      id: 'PYSEC-2026-1',
      modified: '2026-01-02T00:00:00Z',
      aliases: ['CVE-2026-1'],
      affected: [{ package: { ecosystem: 'PyPI', name: 'Requests' }, versions: ['1.0'] }],
    };
    writeFileSync(join(from, 'osv', 'PYSEC-2026-1.json'), JSON.stringify(record));
    writeFileSync(join(from, 'osv', 'broken.json'), '{');
    writeFileSync(join(from, 'kev.json'), JSON.stringify({ vulnerabilities: [{ cveID: 'CVE-2026-1' }] }));
    writeFileSync(join(from, 'epss.csv.gz'), gzipSync('#model\ncve,epss,percentile\nCVE-2026-1,0.25,0.9\n'));
    writeFileSync(join(from, 'top-names.txt'), 'requests\nurllib3\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const sentinel = (...args: string[]) =>
    spawnSync(process.execPath, [SENTINEL, 'advisories', ...args], { encoding: 'utf8', cwd: folder });
  const data = () => ['--data', join(folder, 'data')];

  it('says that nothing is imported', () => {
    const { status, stdout } = sentinel('status', ...data());
    assert.equal(status, 1);
    assert.match(stdout, /^No advisories imported/);
    assert.deepEqual(JSON.parse(sentinel('status', '--json', ...data()).stdout), {
      imported: false,
      manifest: null,
      ageDays: null,
      isStale: true,
      canRollBack: false,
      trustedKeys: [],
    });
  });

  it('builds, imports and shows a bundle, and refuses one of an unknown maker', () => {
    const built = JSON.parse(sentinel('build', '--from', 'from', '--key', 'maker.key', '--json').stdout) as {
      publicKey: string;
      manifest: { counts: object; dataDate: string };
      leftOut: { files: string[] };
    };
    assert.deepEqual(built.manifest.counts, {
      packages: 1,
      advisories: 1,
      malicious: 0,
      knownExploited: 1,
      withEpss: 1,
      names: 2,
    });
    assert.deepEqual(built.leftOut.files, ['broken.json']);
    assert.equal(statSync(join(folder, 'maker.key')).mode & 0o777, 0o600);

    const refused = sentinel('import', 'sentinel.advisories', ...data());
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^sentinel advisories import: refused: no key is trusted yet/);

    const imported = sentinel('import', 'sentinel.advisories', '--trust', built.publicKey, ...data());
    assert.equal(imported.status, 0);
    assert.match(imported.stdout, /^Advisories of 2026-01-02, \d+ days old/);
    assert.equal(sentinel('status', ...data()).status, 0);
    assert.match(sentinel('import', '--rollback', ...data()).stderr, /there is no bundle to go back to/);
  });

  it('builds nothing out of nothing', () => {
    const { status, stderr } = sentinel('build', '--from', join(folder, 'from', 'kev.json'), '--key', 'other.key');
    assert.equal(status, 1);
    assert.match(stderr, /no OSV record on PyPI was found there/);
  });
});
