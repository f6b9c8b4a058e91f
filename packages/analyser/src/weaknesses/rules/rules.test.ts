import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { lineAt, loadParser, parsePython } from '../../parse.ts';
import { TEXT_OF_RULE } from '../catalogue.ts';
import { SourceFacts } from '../source-facts.ts';
import { OWN_RULES } from './index.ts';

const FOLDER = import.meta.dirname;

describe('weakness rules of our own', () => {
  before(loadParser);

  it('are listed exactly as the folder holds them', () => {
    const files = readdirSync(FOLDER).filter((name) => name.startsWith('weak-') && name.endsWith('.ts'));
    assert.deepEqual(OWN_RULES.map(({ id }) => `${id}.ts`).sort(), files.sort());
  });

  for (const rule of OWN_RULES) {
    it(`${rule.id} fires on the marked lines of its fixture and on no other`, () => {
      const source = readFileSync(join(FOLDER, `${rule.id}.py`), 'utf8');
      const tree = parsePython(source);
      const lines = source.split('\n');
      const marked = (mark: string) =>
        lines.flatMap((line, index) => (line.includes(`# ${mark}: ${rule.id}`) ? [index + 1] : []));
      const found = [...rule.find(new SourceFacts(tree))].map(({ node }) => lineAt(tree.lineStarts, node.start));
      assert.deepEqual(
        [...new Set(found)].sort((a, b) => a - b),
        marked('finding'),
      );
      assert.ok(marked('finding').length > 0 && marked('ok').length > 0, 'the fixture has both kinds of lines');
      assert.ok(
        rule.hints.some((hint) => source.includes(hint)),
        'a hint lets the rule see its own fixture',
      );
      assert.ok(rule.misses !== '' && TEXT_OF_RULE.has(rule.id));
    });
  }
});
