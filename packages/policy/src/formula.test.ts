import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PolicyTest } from '@sentinel/protocol';
import { askCondition } from './evaluate.ts';
import { allOf, anyOf, type Formula, normalForm } from './formula.ts';

type Answer = boolean | undefined;

/** Kleene's logic on the tree itself, the measure for the normal form. */
function meaning(formula: Formula, answers: Readonly<Record<string, boolean>>): Answer {
  switch (formula.kind) {
    case 'truth':
      return formula.value;
    case 'test':
      return answers[formula.test.fact];
    case 'not': {
      const part = meaning(formula.part, answers);
      return part === undefined ? undefined : !part;
    }
    case 'and':
    case 'or': {
      const strong = formula.kind === 'or';
      const parts = formula.parts.map((part) => meaning(part, answers));
      if (parts.includes(strong)) return strong;
      return parts.includes(undefined) ? undefined : !strong;
    }
  }
}

const fact = (name: string): Formula => ({ kind: 'test', test: { fact: name, operator: 'is' } satisfies PolicyTest });

describe('the normal form', () => {
  it('means the same as the tree in three-valued logic, over all answers of seeded random trees', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const names = ['a', 'b', 'c', 'd'];
    const tree = (depth: number): Formula => {
      const kind = depth === 0 ? 0 : random(5);
      if (kind === 0)
        return random(8) === 0 ? { kind: 'truth', value: random(2) === 0 } : fact(names[random(4)] ?? 'a');
      if (kind === 1) return { kind: 'not', part: tree(depth - 1) };
      const parts = Array.from({ length: 2 + random(2) }, () => tree(depth - 1));
      return kind % 2 === 0 ? allOf(parts) : anyOf(parts);
    };
    let compared = 0;
    for (let round = 0; round < 400; round += 1) {
      const formula = tree(3);
      let ask: ReturnType<typeof askCondition>;
      try {
        ask = askCondition(normalForm(formula));
      } catch {
        continue; // over the bound
      }
      for (let code = 0; code < 3 ** names.length; code += 1) {
        const answers: Record<string, boolean> = {};
        names.forEach((name, at) => {
          const digit = Math.floor(code / 3 ** at) % 3;
          if (digit < 2) answers[name] = digit === 1;
        });
        assert.equal(ask(answers), meaning(formula, answers), JSON.stringify({ formula, answers }));
        compared += 1;
      }
    }
    assert.ok(compared > 20_000, `${compared} compared`);
  });

  it('refuses what would cost too much', () => {
    const pairs = Array.from({ length: 9 }, (_, at) => anyOf([fact(`a${at}`), fact(`b${at}`)]));
    assert.throws(() => normalForm(allOf(pairs)), /more than 64 alternatives/);
  });
});
