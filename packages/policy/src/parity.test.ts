import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { endpointText } from './endpoint-text.ts';
import { type Facts, makeEvaluator } from './evaluate.ts';
import { Dice, randomCondition, randomFacts } from './testing/random-policy.ts';
import { answerOf, conditionVectors, twice } from './testing/vectors.ts';

const TWIN = join(import.meta.dirname, '../../../probe/tests/policy_twin.py');
const PYTHON = process.env['SENTINEL_PYTHON'] ?? 'python3';
type Answer = [matches: string[], skippedUnknown: number];

/** The probe's evaluator in a process of its own. */
class Twin {
  readonly #process: ChildProcessWithoutNullStreams = spawn(PYTHON, [TWIN]);
  readonly #lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();

  facts(rows: readonly Facts[]): void {
    this.#process.stdin.write(`${JSON.stringify({ facts: rows })}\n`);
  }

  async ask(text: string, activity: string): Promise<Answer[]> {
    this.#process.stdin.write(`${JSON.stringify({ text, activity })}\n`);
    const { value, done } = await this.#lines.next();
    assert.ok(done !== true, 'the twin ended');
    return JSON.parse(value) as Answer[];
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    await once(this.#process, 'close');
  }
}

describe('one meaning in TypeScript and Python', () => {
  let twin: Twin;
  before(() => {
    twin = new Twin();
  });
  after(() => twin.close());

  it('gives the answer that every vector states', async () => {
    const vectors = conditionVectors();
    let count = 0;
    for (const { file, activity, when, policy, cases } of vectors) {
      const rows = cases.map(({ facts }) => facts);
      const expected = cases.map((one) => one.expected);
      const { evaluate } = makeEvaluator([policy]);
      const own = rows.map((facts) =>
        answerOf(evaluate(activity, facts).matches.map((one) => `${one.policyId}/${one.statementId}`)),
      );
      assert.deepEqual(own, expected, `${file}: ${when}`);
      twin.facts(rows);
      const theirs = await twin.ask(endpointText([policy]), activity);
      assert.deepEqual(
        theirs.map(([matches]) => answerOf(matches)),
        expected,
        `${file} in Python: ${when}`,
      );
      count += cases.length;
    }
    assert.ok(count >= 500, `${count} vectors`);
  });

  it('gives the same verdicts on a million seeded random activities', async (t) => {
    const dice = new Dice(20_261_120);
    const rows = Array.from({ length: 2000 }, () => randomFacts(dice));
    twin.facts(rows);
    let compared = 0;
    let matched = 0;
    while (compared < 1_000_000) {
      const when = randomCondition(dice);
      let policy: ReturnType<typeof twice>;
      try {
        policy = twice('http.request', when);
      } catch {
        continue; // over the cost bound
      }
      const { evaluate } = makeEvaluator([policy]);
      const theirs = await twin.ask(endpointText([policy]), 'http.request');
      for (const [at, facts] of rows.entries()) {
        const verdict = evaluate('http.request', facts);
        const own = verdict.matches.map((one) => `${one.policyId}/${one.statementId}`);
        const [matches, skipped] = theirs[at] ?? [[], -1];
        if (own.join() !== matches.join() || verdict.skippedUnknown !== skipped)
          assert.deepEqual([matches, skipped], [own, verdict.skippedUnknown], `${when} on ${JSON.stringify(facts)}`);
        matched += own.length;
      }
      compared += rows.length;
    }
    t.diagnostic(`${compared} activities, ${matched} matches`);
    assert.ok(matched > compared / 10);
  });

  it('gives the same verdicts where one question of the probe spares many statements', async () => {
    const dice = new Dice(20_261_121);
    const rows = Array.from({ length: 500 }, () => randomFacts(dice));
    twin.facts(rows);
    for (let round = 0; round < 60; round++) {
      const policies = Array.from({ length: 12 }, (_, at) => {
        const policy = twice('http.request', randomCondition(dice, dice.below(2)));
        return { ...policy, id: `p${at}` };
      });
      const { evaluate } = makeEvaluator(policies);
      const theirs = await twin.ask(endpointText(policies), 'http.request');
      assert.deepEqual(
        theirs,
        rows.map((facts): Answer => {
          const { matches, skippedUnknown } = evaluate('http.request', facts);
          return [matches.map((one) => `${one.policyId}/${one.statementId}`), skippedUnknown];
        }),
      );
    }
  });
});
