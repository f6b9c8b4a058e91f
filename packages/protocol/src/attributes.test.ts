import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ActivityTypeName, activityTypes, attributes, parseAttribute } from './index.ts';

test('reads a text into the type of its attribute', () => {
  assert.equal(parseAttribute('server.port', '443'), 443);
  assert.equal(parseAttribute('sentinel.run.cpu_user_ms', '12.5'), 12.5);
  assert.equal(parseAttribute('sentinel.process.shell', 'true'), true);
  assert.equal(parseAttribute('file.path', '443'), '443');
});

test('keeps a text that does not fit its type', () => {
  assert.equal(parseAttribute('server.port', 'https'), 'https');
  assert.equal(parseAttribute('server.port', ''), '');
  assert.equal(parseAttribute('server.port', '9007199254740993'), '9007199254740993');
  assert.equal(parseAttribute('sentinel.process.shell', 'maybe'), 'maybe');
});

test('every attribute of an activity type stands in the dictionary', () => {
  for (const name of Object.keys(activityTypes) as ActivityTypeName[]) {
    const { required, optional, target } = activityTypes[name];
    for (const attribute of [...required, ...optional, ...target])
      assert.ok(attribute in attributes, `${name}: ${attribute}`);
  }
});

test('no name outside a standard lacks our prefix', () => {
  for (const [name, { source }] of Object.entries(attributes)) {
    if (source === 'sentinel') assert.ok(name.startsWith('sentinel.'), name);
  }
});
