import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Weakness } from '@sentinel/protocol';
import { loadParser } from '../parse.ts';
import { CATALOGUE } from './catalogue.ts';
import { findWeaknesses } from './find-weaknesses.ts';

const seen = (source: string, options = {}) =>
  findWeaknesses(source, options).weaknesses.map(({ ruleId, place }) => `${place.line} ${ruleId}`);

describe('findWeaknesses', () => {
  before(loadParser);

  it('gives a weakness with its place, severity and advice', () => {
    assert.deepEqual(findWeaknesses('import os\n\nos.system("dir " + folder)\n').weaknesses, [
      {
        ruleId: 'weak-shell-start',
        engineRule: 'S605',
        title: 'A command line is given to the shell',
        severity: 'high',
        confidence: 'high',
        cwe: 78,
        advice: 'Use subprocess.run with a list of arguments instead of os.system or os.popen.',
        place: { line: 3, endLine: 3, column: 0 },
      },
    ]);
  });

  it('says a thing once when both engines see it', () => {
    assert.deepEqual(seen('import pickle\nvalue = pickle.load(handle)\n'), [
      '1 weak-import-pickle',
      '2 weak-pickle-load',
    ]);
  });

  it('gives only shapes of the protocol', () => {
    const { weaknesses } = findWeaknesses('import pickle\npickle.load(x)\neval(y)\nassert z\npassword = "winter-9"\n');
    assert.equal(weaknesses.length, 5);
    for (const weakness of weaknesses) assert.deepEqual(Weakness.parse(weakness), weakness);
  });

  for (const [kind, source] of [
    ['an open bracket', 'import os\nprint((1)\nos.system(x)\n'],
    ['an open quote', 'import os\nprint("1)\nos.system(x)\n'],
    ['a wrong indentation', 'import os\n   print(1)\nos.system(x)\n'],
    ['half a line', 'import os\nfor name in \n    print(1)\nos.system(x)\n'],
    ['merge marks', 'import os\n<<<<<<< HEAD\n=======\n>>>>>>> a\nos.system(x)\n'],
    ['a cut inside a string', 'import os\n\n\n\nos.system(x)\ntext = """abc'],
    ['Python 2', 'import os\ntry:\n    print "a %s" % b\nexcept OSError, e:\n    raise OSError, e\nos.system(x)\n'],
  ] as const) {
    it(`still sees a source with ${kind}`, () => {
      const line = source.slice(0, source.indexOf('os.system')).split('\n').length;
      assert.ok(seen(source).includes(`${line} weak-shell-start`), seen(source).join());
    });
  }

  it('falls back to the syntax tree when the source is nested too deeply for Ruff, and recovers', () => {
    const { weaknesses, failures } = findWeaknesses(`${'['.repeat(5_000)}1${']'.repeat(5_000)}\neval(x)\n`);
    assert.deepEqual(
      weaknesses.map(({ ruleId }) => ruleId),
      ['weak-eval'],
    );
    assert.match(failures.join(), /weaknesses by Ruff/);
    assert.deepEqual(findWeaknesses('eval(x)\n').failures, []);
  });

  it('survives what no person writes', () => {
    for (const source of [
      '',
      '\0',
      'x = "\ud800"\n',
      'f('.repeat(20_000),
      `x = ${'a.b('.repeat(3_000)}${')'.repeat(3_000)}`,
      `x = ${'1 + '.repeat(20_000)}1`,
      'eval(x)\n'.repeat(10_000),
      `"${'\\'.repeat(100_001)}`,
      `print ${' '.repeat(100_000)}x`,
    ]) {
      const { weaknesses } = findWeaknesses(source);
      assert.ok(weaknesses.length <= 2_000);
    }
  });

  it('sees past data in a line, and says so when a line is too long for Ruff', () => {
    const data = `data = "${'QUJD'.repeat(100_000)}"\nassert data\n`;
    assert.deepEqual([seen(data), findWeaknesses(data).failures], [['2 weak-assert'], []]);
    const long = findWeaknesses(`x = [${'eval(x),'.repeat(10_000)}]\n`);
    assert.match(long.failures.join(), /a line is too long for the rule engine/);
    assert.ok(long.weaknesses.length > 0);
  });

  it('honours the comments of the author unless told otherwise', () => {
    const source = 'eval(a)  # nosec\neval(b)  # nosec B307\neval(c)  # nosec B101\ntext = "# nosec"; eval(d)\n';
    assert.deepEqual(seen(source), ['3 weak-eval', '4 weak-eval']);
    assert.equal(seen(source, { honoursSuppressions: false }).length, 4);
  });
});

describe('the catalogue of weaknesses', () => {
  it('has words, advice and references for each rule, under one id each', () => {
    assert.equal(new Set(CATALOGUE.map(({ id }) => id)).size, CATALOGUE.length);
    assert.equal(new Set(CATALOGUE.map(({ bandit }) => bandit)).size, CATALOGUE.length);
    assert.deepEqual(
      CATALOGUE.filter(({ title, advice, references }) => title === '' || advice === '' || references.length === 0),
      [],
    );
  });
});
