import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { readFormatPack, SecretFormatPack } from './format-pack.ts';
import { FormatMatcher } from './match-formats.ts';

const pack = readFormatPack();
const matcher = new FormatMatcher(pack.formats);

test('the pack holds at least 300 formats with ids of their own', () => {
  assert.ok(pack.formats.length >= 300, `only ${pack.formats.length}`);
  assert.equal(new Set(pack.formats.map(({ id }) => id)).size, pack.formats.length);
});

test('every format names its source and has true and false cases of its own', () => {
  const poor = pack.formats.filter(
    ({ source, trueCases, falseCases }) =>
      !source.url.startsWith('https://') || trueCases.length === 0 || falseCases.length === 0,
  );
  assert.deepEqual(
    poor.map(({ id }) => id),
    [],
  );
});

test('the published JSON schema of the pack is the one that the shapes give', () => {
  const url = new URL('../../packs/secret-formats.schema.json', import.meta.url);
  assert.deepEqual(JSON.parse(readFileSync(url, 'utf8')), z.toJSONSchema(SecretFormatPack));
});

test('every format finds its true cases', () => {
  const missed = pack.formats.flatMap(({ id, trueCases }) =>
    trueCases.filter((parts) => !matcher.find(parts.join('')).some(({ format }) => format.id === id)).map(() => id),
  );
  assert.deepEqual(missed, []);
});

test('no format finds anything in its false cases', () => {
  const wrong = pack.formats.flatMap(({ id, falseCases }) =>
    falseCases.filter((parts) => matcher.find(parts.join('')).some(({ format }) => format.id === id)).map(() => id),
  );
  assert.deepEqual(wrong, []);
});

test('all cases together give what the Python reader gives', () => {
  const lines = pack.formats.flatMap(({ trueCases, falseCases }) =>
    [...trueCases, ...falseCases].map((parts) =>
      JSON.stringify(
        matcher.find(parts.join('')).map(({ format, start, end, check }) => [format.id, start, end, check]),
      ),
    ),
  );
  assert.equal(createHash('sha256').update(lines.join('\n')).digest('hex'), pack.casesDigest);
});

test('patterns keep to the restricted syntax, so that work is linear and both languages read them alike', () => {
  const atom = String.raw`(?:\[(?:\\.|[^\]\\])+\]|\\[^A-Za-z0-9]|[A-Za-z0-9 _\-/:@=%&~"<>;,!#'])(?:\{\d+(?:,\d+)?\}|\?)?`;
  const inner = String.raw`\((?:${atom}|\|)+\)(?:\{\d+(?:,\d+)?\}|\?)?`;
  const outer = String.raw`\((?:${atom}|${inner}|\|)+\)(?:\{\d+(?:,\d+)?\}|\?)?`;
  const whole = new RegExp(`^(?:${atom}|${outer})+$`);
  assert.deepEqual(
    pack.formats.filter(({ pattern }) => !whole.test(pattern)).map(({ id, pattern }) => [id, pattern]),
    [],
  );
});

test('a GitHub token with a wrong checksum counts as failed, not as none', () => {
  const found = matcher.find(`t = "${['ghp', '_'].join('')}q7Zp2Lw9Xc4Vb8Nm3Kj5Hg6Fd1Sa0PWeRt5Y"`);
  assert.deepEqual(
    found.map(({ format, check }) => [format.id, check]),
    [['github-pat-classic', 'failed']],
  );
});

test('a value that runs on is not a shorter value', () => {
  const parts = pack.formats.find(({ id }) => id === 'digitalocean-pat')?.trueCases[0] ?? [];
  const text = parts.join('').replace(/"$/, 'abc"');
  assert.deepEqual(matcher.find(text), []);
});

test('a value of the right form that is the alphabet is told only to whom asks, one character again and again to nobody', () => {
  const alphabet = `t = "${['ghp', '_'].join('')}abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"`;
  const repeats = `t = "${['ghp', '_'].join('')}${'a'.repeat(12)}${'b'.repeat(12)}${'c'.repeat(12)}"`;
  const told = (text: string, withSynthetic: boolean) =>
    matcher.find(text, { withSynthetic }).map(({ format, check }) => [format.id, check]);
  assert.deepEqual(
    [told(alphabet, true), told(alphabet, false), told(repeats, true)],
    [[['github-pat-classic', 'synthetic']], [], []],
  );
});

test('under the name of a provider whose keys have one form another value is foreign', () => {
  assert.deepEqual([matcher.isForeignTo('MERAKI_API_KEY'), matcher.isForeignTo('datadog_key')], [true, false]);
});
