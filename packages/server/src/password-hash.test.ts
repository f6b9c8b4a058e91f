import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, isPassword } from './password-hash.ts';

test('knows a password by its hash, with a salt of its own, however the accents are written', async () => {
  const [hash, other] = await Promise.all([hashPassword('pässword pässword'), hashPassword('pässword pässword')]);

  assert.notEqual(hash, other);
  assert.equal(await isPassword('pa\u0308ssword pa\u0308ssword', hash), true);
  assert.equal(await isPassword('password password', hash), false);
  assert.equal(await isPassword('anything', undefined), false);
});
