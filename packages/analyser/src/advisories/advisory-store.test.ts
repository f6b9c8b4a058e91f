import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AdvisoryStore } from './advisory-store.ts';
import { buildAdvisoryData } from './build-advisory-data.ts';
import { BundleRefused, publicKeyText, writeBundle } from './bundle.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const key = publicKeyText(privateKey);

function bundleOf(madeAt: string, version: string, signer = privateKey): Buffer {
  const { data } = buildAdvisoryData({
    records: [
      {
        id: 'PYSEC-1',
        modified: '2026-01-02T00:00:00Z',
        affected: [{ package: { ecosystem: 'PyPI', name: 'a' }, versions: [version] }],
      },
    ],
    knownExploited: new Set(),
    epss: new Map(),
    names: [],
  });
  const counts = { packages: 1, advisories: 1, malicious: 0, knownExploited: 0, withEpss: 0, names: 0 };
  return writeBundle(data, { madeAt, counts, attributions: [], dataDate: '2026-01-02' }, signer);
}

describe('AdvisoryStore', () => {
  let folder: string;
  let store: AdvisoryStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-advisories-'));
    store = new AdvisoryStore(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const inUse = () => store.load()?.manifest.madeAt;
  const first = bundleOf('2026-02-01T00:00:00.000Z', '1.0');
  const second = bundleOf('2026-03-01T00:00:00.000Z', '2.0');
  const third = bundleOf('2026-04-01T00:00:00.000Z', '3.0');

  it('holds nothing before an import', () => {
    assert.equal(store.load(), undefined);
    assert.throws(() => store.rollBack(), BundleRefused);
  });

  it('believes only keys that were named once', () => {
    assert.throws(() => store.import(first), /no key is trusted/);
    store.import(first, key);
    store.import(second);
    const other = generateKeyPairSync('ed25519').privateKey;
    assert.throws(() => store.import(bundleOf('2026-05-01T00:00:00.000Z', '4.0', other)), /not trusted/);
    assert.equal(inUse(), '2026-03-01T00:00:00.000Z');
  });

  it('refuses a bundle that was changed at any byte, and keeps what is in use', () => {
    store.import(first, key);
    for (let at = 0; at < second.length; at += 1) {
      const changed = Buffer.from(second);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.throws(() => store.import(changed), `byte ${at}`);
    }
    assert.throws(() => store.import(second.subarray(0, second.length - 5)), BundleRefused);
    assert.throws(() => store.import(Buffer.from('hello')), BundleRefused);
    assert.equal(inUse(), '2026-02-01T00:00:00.000Z');
    assert.equal(store.load()?.index.vulnerable('a', '1.0')?.dataDate, '2026-01-02');
  });

  it('never goes back by an import, only by a rollback, and keeps two', () => {
    store.import(first, key);
    store.import(second);
    store.import(third);
    assert.throws(() => store.import(first), /before the one in use/);
    store.rollBack();
    assert.equal(inUse(), '2026-03-01T00:00:00.000Z');
    store.rollBack();
    assert.equal(inUse(), '2026-04-01T00:00:00.000Z');
    assert.deepEqual(readdirSync(join(folder, 'advisories')).length, 3);
  });
});
