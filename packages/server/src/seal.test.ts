import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openSeal, SealBroken, sealWith } from './seal.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-seal-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the seal', () => {
  test('makes its key once, for the owner of the file only, and opens after a restart what it sealed before', () => {
    const file = join(folder, 'seal.key');
    const sealed = openSeal(file).seal(Buffer.from('one two'), 'vault/1');
    assert.equal(openSeal(file).unseal(sealed, 'vault/1').toString(), 'one two');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['seal.key']);
  });

  test('refuses a key file that others can read', () => {
    const file = join(folder, 'open.key');
    openSeal(file);
    chmodSync(file, 0o640);
    assert.throws(() => openSeal(file), /can be read by others/);
  });

  test('does not open for another context, another key or after any change of a byte', () => {
    const seal = sealWith(Buffer.alloc(32, 7));
    const sealed = seal.seal(Buffer.from('secret'), 'a');
    assert.throws(() => seal.unseal(sealed, 'b'), SealBroken);
    assert.throws(() => sealWith(Buffer.alloc(32, 8)).unseal(sealed, 'a'), SealBroken);
    for (let place = 0; place < sealed.byteLength; place++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      assert.throws(() => seal.unseal(changed, 'a'), SealBroken, `byte ${place}`);
    }
  });

  test('never gives the same bytes twice, and none of the plain text', () => {
    const seal = openSeal(join(folder, 'seal.key'));
    const first = seal.sealText('a plain sentence', 'x');
    assert.notEqual(first, seal.sealText('a plain sentence', 'x'));
    assert.equal(Buffer.from(first, 'base64').includes('plain'), false);
    assert.equal(seal.unsealText(first, 'x'), 'a plain sentence');
    assert.equal(first.includes(readFileSync(join(folder, 'seal.key'), 'utf8').trim()), false);
  });
});
