import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type FactColumn, type Facts, factOf, makeEvaluator, matchesSql } from '@sentinel/policy';
import { Dice, randomCondition, randomFacts } from '@sentinel/policy/testing/random-policy';
import { answerOf, conditionVectors, twice } from '@sentinel/policy/testing/vectors';
import { Session } from 'chdb';

let folder: string;
let session: InstanceType<typeof Session>;

/** Facts by type, in four maps: a fact of another type than its own is unknown to the store too. */
function rowOf(id: number, facts: Facts, types: readonly string[]): Record<string, unknown> {
  const texts: Record<string, unknown> = {};
  const numbers: Record<string, unknown> = {};
  const truths: Record<string, unknown> = {};
  const lists: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts)) {
    const type = factOf(name, types)?.type;
    if (type === 'string' && typeof value === 'string') texts[name] = value;
    else if (type === 'int' && typeof value === 'number') numbers[name] = value;
    else if (type === 'boolean' && typeof value === 'boolean') truths[name] = value ? 1 : 0;
    else if (type === 'string[]' && Array.isArray(value)) lists[name] = value;
  }
  return { id, texts, numbers, truths, lists };
}

function columnOf(types: readonly string[]): (fact: string) => FactColumn | undefined {
  const maps = { string: 'texts', int: 'numbers', boolean: 'truths', 'string[]': 'lists' } as const;
  return (fact) => {
    const type = factOf(fact, types)?.type;
    if (type === undefined) return undefined;
    const place = `${maps[type]}['${fact}']`;
    return { type, isKnown: `mapContains(${maps[type]}, '${fact}')`, value: place };
  };
}

async function fill(rows: readonly Facts[], types: readonly string[]): Promise<void> {
  session.query('TRUNCATE TABLE facts');
  await session.insert({ table: 'facts', values: rows.map((facts, id) => rowOf(id, facts, types)) });
}

function ask(sql: string): string[][] {
  const out = session.query(`SELECT ${sql} AS matches FROM facts ORDER BY id`, 'JSONEachRow');
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { matches: string[] }).matches);
}

describe('one meaning in TypeScript and SQL', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-parity-'));
    session = new Session(folder);
    session.query('CREATE DATABASE IF NOT EXISTS parity ENGINE = Atomic; USE parity');
    session.query(
      'CREATE TABLE facts (id UInt32, texts Map(String, String), numbers Map(String, Int64), truths Map(String, UInt8), lists Map(String, Array(String))) ENGINE = MergeTree ORDER BY id',
    );
  });
  after(() => {
    session.cleanup();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the answer that every vector states', async () => {
    let count = 0;
    for (const { file, activity, when, policy, cases } of conditionVectors()) {
      await fill(
        cases.map(({ facts }) => facts),
        [activity],
      );
      const answers = ask(matchesSql([policy], `'${activity}'`, columnOf([activity]))).map(answerOf);
      assert.deepEqual(
        answers,
        cases.map(({ expected }) => expected),
        `${file}: ${when}`,
      );
      count += cases.length;
    }
    assert.ok(count >= 500, `${count} vectors`);
  });

  it('gives the same verdicts on a million seeded random activities', async () => {
    const dice = new Dice(20_261_121);
    const rows = Array.from({ length: 5000 }, () => randomFacts(dice));
    await fill(rows, ['http.request']);
    let compared = 0;
    while (compared < 1_000_000) {
      const when = randomCondition(dice);
      let policy: ReturnType<typeof twice>;
      try {
        policy = twice('http.request', when);
      } catch {
        continue; // over the cost bound
      }
      const { evaluate } = makeEvaluator([policy]);
      const theirs = ask(matchesSql([policy], "'http.request'", columnOf(['http.request'])));
      for (const [at, facts] of rows.entries()) {
        const own = evaluate('http.request', facts).matches.map((one) => `${one.policyId}/${one.statementId}`);
        if (own.join() !== theirs[at]?.join()) assert.deepEqual(theirs[at], own, `${when} on ${JSON.stringify(facts)}`);
      }
      compared += rows.length;
    }
  });
});
