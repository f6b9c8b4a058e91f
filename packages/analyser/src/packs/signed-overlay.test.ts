import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { RuleOverlay } from '@sentinel/protocol';
import { publicKeyText } from '../advisories/bundle.ts';
import { openOverlay, PackRefused, readOverlay, signOverlay } from './signed-overlay.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const key = publicKeyText(privateKey);
const answer = { reason: 'known and fine', author: 'security@acme.example', until: '2027-01-01' };
const draft = {
  kind: 'sentinel-rule-overlay',
  schema: 1,
  name: 'acme',
  version: 3,
  madeAt: '2026-11-20',
  off: [{ rule: 'weak-assert', ...answer }],
};
const overlay = RuleOverlay.parse(draft);

test('opens what a trusted key signed, as it was', () => {
  assert.deepEqual(openOverlay(signOverlay(overlay, privateKey), [key]), overlay);
  assert.deepEqual(readOverlay(Buffer.from(JSON.stringify(draft))), { overlay, key: undefined });
});

test('refuses a draft, a stranger, and any change', () => {
  const signed = signOverlay(overlay, privateKey);
  const stranger = publicKeyText(generateKeyPairSync('ed25519').privateKey);
  assert.throws(() => openOverlay(Buffer.from(JSON.stringify(draft)), [key]), /it is not signed/);
  assert.throws(() => openOverlay(signed, [stranger]), /is not trusted here/);
  assert.throws(() => openOverlay(signed, []), PackRefused);
  let kept = 0;
  for (let at = 0; at < signed.length; at += 1) {
    const changed = Buffer.from(signed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    try {
      // The last characters of base64 may stand for the same bytes: then nothing was changed.
      assert.deepEqual(openOverlay(changed, [key]), overlay);
      kept += 1;
    } catch (error) {
      assert.ok(error instanceof PackRefused, `byte ${at}: ${String(error)}`);
    }
  }
  assert.ok(kept <= 3, `${kept} changes went unseen`);
});

test('says what is wrong with a draft', () => {
  const wrong = (changes: object): string => {
    try {
      readOverlay(Buffer.from(JSON.stringify({ ...draft, ...changes })));
      return 'sound';
    } catch (error) {
      assert.ok(error instanceof PackRefused);
      return error.message;
    }
  };
  const format = { id: 'acme-key', title: 'ACME key', anchors: ['acme_'], ...answer };
  assert.equal(wrong({ addSecretFormats: [{ ...format, pattern: 'acme_[a-z]{20,40}' }] }), 'sound');
  for (const pattern of [
    'acme_.*',
    'acme_(a+)+b',
    'acme_[a-z]+',
    '(?=a)acme_',
    'acme_\\1',
    'acme_[a-z]{20,}',
    '(a{1,9}){1,9}',
  ])
    assert.match(wrong({ addSecretFormats: [{ ...format, pattern }] }), /only literals, classes, groups/, pattern);
  assert.match(wrong({ allow: [{ rules: ['*'], ...answer }] }), /sha256, path or owner is needed/);
  assert.match(wrong({ off: [{ rule: 'weak-assert', reason: 'why not', author: 'me' }] }), /off\.0\.until/);
  assert.match(wrong({ reweigh: [{ rule: 'weak-assert', ...answer }] }), /severity or points/);
  assert.match(wrong({ offf: [] }), /no pack/);
  assert.throws(() => readOverlay(Buffer.from('{')), /no JSON/);
});
