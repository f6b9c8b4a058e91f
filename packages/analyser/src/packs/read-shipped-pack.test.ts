import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readShippedPack } from './read-shipped-pack.ts';
import { SHIPPED_PACKS } from './shipped-packs.generated.ts';

const PACKS = join(import.meta.dirname, '../../packs');

describe('a pack that ships', () => {
  it('has its hash in the code, every one of them', () => {
    assert.deepEqual(
      readdirSync(PACKS).filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json')),
      Object.keys(SHIPPED_PACKS),
    );
    assert.equal((readShippedPack('base.json') as { name: string }).name, 'sentinel-base');
  });

  it('is refused when a single point of it was changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-packs-'));
    try {
      cpSync(PACKS, folder, { recursive: true });
      const from = pathToFileURL(`${folder}/`);
      assert.equal((readShippedPack('base.json', from) as { name: string }).name, 'sentinel-base');
      const path = join(folder, 'base.json');
      writeFileSync(path, readFileSync(path, 'utf8').replace('"liveKey": 25', '"liveKey": 0'));
      assert.throws(() => readShippedPack('base.json', from), /not the pack that this version was built with/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
