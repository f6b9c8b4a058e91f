import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { findSecrets } from './find-secrets.ts';
import { PublishedValueList, publishedValue, readPublishedValues } from './published-values.ts';

describe('the list of published values', () => {
  const { values } = readPublishedValues();

  it('has the JSON schema that stands beside it', () => {
    const url = new URL('../../packs/published-values.schema.json', import.meta.url);
    assert.deepEqual(JSON.parse(readFileSync(url, 'utf8')), z.toJSONSchema(PublishedValueList));
  });

  it('names for each value its hash, once, and where it is published', () => {
    assert.deepEqual(
      values.map(({ parts }) => createHash('sha256').update(parts.join('')).digest('hex')),
      values.map(({ sha256 }) => sha256),
    );
    assert.equal(new Set(values.map(({ sha256 }) => sha256)).size, values.length);
    assert.deepEqual(
      values.filter(({ source }) => !source.url.startsWith('https://')),
      [],
    );
  });

  it('knows each value by itself and behind its name, and nothing that is one letter off', () => {
    for (const { sha256, parts } of values) {
      const value = parts.join('');
      const other = `${value.slice(0, -1)}${value.endsWith('x') ? 'y' : 'x'}`;
      assert.deepEqual(
        [value, `AccountKey=${value}`, other, `${value}x`].map((text) => publishedValue(text)?.sha256),
        [sha256, sha256, undefined, undefined],
      );
    }
  });

  it('makes a note of such a value, and tells what it is', () => {
    for (const { parts, what } of values) {
      const found = findSecrets(`api_key = "${parts.join('')}"\n`, { kind: 'python' });
      assert.ok(found.length > 0, what);
      for (const { tier, title } of found) {
        assert.equal(tier, 'info');
        assert.ok(title.endsWith(`: ${what}`), title);
      }
    }
  });

  it('leaves a value of the same form that nobody has published where it was', () => {
    const google = ['AIza', 'SyvG9kAZmadQRBeBxp58Vfo9Ry4f7IsY4c7'].join('');
    const [found] = findSecrets(`api_key = "${google}"\n`, { kind: 'python' });
    assert.deepEqual([found?.title, found?.tier], ['Credential assigned to a name', 'high']);
  });
});
