import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Activity, type ActivityTypeName, activityTypes, attributes, isAttributeName } from './index.ts';

const VECTORS = new URL('../../../schema/vectors/activity/', import.meta.url);

test('every activity type has one true example, and no example lacks its type', () => {
  const examples = readdirSync(VECTORS).map((file) => file.replace(/\.json$/, ''));
  assert.deepEqual(examples.sort(), Object.keys(activityTypes).sort());
});

for (const [name, definition] of Object.entries(activityTypes)) {
  test(`the example of ${name} has the attributes that its type requires and no other`, () => {
    const example = Activity.parse(JSON.parse(readFileSync(new URL(`${name}.json`, VECTORS), 'utf8')));
    assert.equal(example.type, name);
    const allowed: readonly string[] = [...definition.required, ...definition.optional];
    for (const attribute of definition.required) assert.ok(attribute in example.attributes, `${attribute} is required`);
    for (const [attribute, value] of Object.entries(example.attributes)) {
      assert.ok(allowed.includes(attribute), `${attribute} is not of this type`);
      assert.ok(isAttributeName(attribute));
      const { type } = attributes[attribute];
      const given = Array.isArray(value) ? 'string[]' : typeof value;
      assert.equal(given, type === 'int' ? 'number' : type, attribute);
    }
  });
}

test('a file of activity/ is named after its type', () => {
  for (const [name, definition] of Object.entries(activityTypes))
    assert.equal(definition.type, name satisfies string as ActivityTypeName);
});
