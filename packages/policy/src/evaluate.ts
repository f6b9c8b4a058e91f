import type {
  CompiledPolicy,
  CompiledStatement,
  Effect,
  PolicyCondition,
  PolicyMode,
  PolicyTest,
} from '@sentinel/protocol';
import { Effect as Effects } from '@sentinel/protocol';
import { operators } from './operators/all.ts';
import { foldText } from './operators/operator.ts';

/** Value of a fact. */
export type FactValue = string | number | boolean | readonly string[];

/** Facts by name; a missing one is unknown. */
export type Facts = Readonly<Record<string, FactValue | undefined>>;

/** One statement that matches. */
export interface Match {
  readonly policyId: string;
  readonly statementId: string;
  readonly effect: Effect;
  readonly mode: PolicyMode;
  /** Whether facts were missing, and the statement matches for that reason. */
  readonly isUnknown: boolean;
}

/** What policies say of an activity. */
export interface Verdict {
  /** Strictest effect of all that match; allow where none does. */
  readonly effect: Effect;
  /** Strictest effect of those that are enforced: what is really to be done. */
  readonly enforced: Effect;
  /** The statement behind `effect`: the first of the strictest. */
  readonly decided: Match | undefined;
  readonly matches: readonly Match[];
  /** Statements that said nothing because facts were missing. */
  readonly skippedUnknown: number;
  /** Whether the same target in the same run gets the same verdict again. */
  readonly isCacheable: boolean;
}

/** Policies ready to be asked. Pure: no clock, no files, no network. */
export interface Evaluator {
  /** Verdict on an activity of a type. */
  readonly evaluate: (activityType: string, facts: Facts) => Verdict;
}

type Answer = boolean | undefined;
type Ask = (facts: Facts) => Answer;
interface Candidate {
  readonly policy: CompiledPolicy;
  readonly statement: CompiledStatement;
  readonly when: Ask;
  readonly except: Ask;
}

/** Makes policies ready, statements in the order given. */
export function makeEvaluator(policies: readonly CompiledPolicy[]): Evaluator {
  const byType = new Map<string, Candidate[]>();
  for (const policy of policies) {
    for (const statement of policy.statements) {
      const candidate = {
        policy,
        statement,
        when: askCondition(statement.when),
        except: askCondition(statement.except),
      };
      for (const type of statement.activities) {
        const same = byType.get(type);
        if (same === undefined) byType.set(type, [candidate]);
        else same.push(candidate);
      }
    }
  }
  return {
    evaluate(activityType, facts) {
      const matches: Match[] = [];
      let skippedUnknown = 0;
      let isCacheable = true;
      for (const { policy, statement, when, except } of byType.get(activityType) ?? []) {
        isCacheable &&= statement.isCacheable;
        const answer = when(facts);
        if (answer === false) continue;
        if (answer === undefined && !statement.matchesUnknown) {
          skippedUnknown += 1;
          continue;
        }
        if (except(facts) === true) continue;
        matches.push({
          policyId: policy.id,
          statementId: statement.id,
          effect: statement.effect,
          mode: policy.mode,
          isUnknown: answer === undefined,
        });
      }
      const decided = strictest(matches);
      return {
        effect: decided?.effect ?? 'allow',
        enforced: strictest(matches.filter(({ mode }) => mode === 'enforce'))?.effect ?? 'allow',
        decided,
        matches,
        skippedUnknown,
        isCacheable,
      };
    },
  };
}

const RANK = new Map(Effects.options.map((effect, rank) => [effect, rank]));

/** Whether an effect is stricter than another. */
export function isStricter(effect: Effect, than: Effect): boolean {
  return (RANK.get(effect) ?? 0) > (RANK.get(than) ?? 0);
}

function strictest(matches: readonly Match[]): Match | undefined {
  let found: Match | undefined;
  for (const match of matches) if (found === undefined || isStricter(match.effect, found.effect)) found = match;
  return found;
}

/** A condition as a question, in Kleene's three-valued logic. */
export function askCondition(condition: PolicyCondition): Ask {
  const alternatives = condition.map((tests) => tests.map(askTest));
  return (facts) => {
    let answer: Answer = false;
    for (const tests of alternatives) {
      const all = allHold(tests, facts);
      if (all === true) return true;
      if (all === undefined) answer = undefined;
    }
    return answer;
  };
}

function allHold(tests: readonly Ask[], facts: Facts): Answer {
  let answer: Answer = true;
  for (const ask of tests) {
    const one = ask(facts);
    if (one === false) return false;
    if (one === undefined) answer = undefined;
  }
  return answer;
}

function askTest(test: PolicyTest): Ask {
  const ask = positive(test);
  if (test.isNegated !== true) return ask;
  return (facts) => {
    const answer = ask(facts);
    return answer === undefined ? undefined : !answer;
  };
}

function positive(test: PolicyTest): Ask {
  const { fact, isFolded } = test;
  const { about, ofText, ofNumber } = operators[test.operator];
  switch (about) {
    case 'presence':
      return (facts) => facts[fact] !== undefined;
    case 'truth':
      return (facts) => {
        const value = facts[fact];
        return typeof value === 'boolean' ? value : undefined;
      };
    case 'size': {
      const is = ofNumber?.(test) ?? (() => false);
      return (facts) => {
        const value = facts[fact];
        return Array.isArray(value) ? is(value.length) : undefined;
      };
    }
    case 'number': {
      const is = ofNumber?.(test) ?? (() => false);
      return (facts) => {
        const value = facts[fact];
        return typeof value === 'number' && Number.isSafeInteger(value) ? is(value) : undefined;
      };
    }
    case 'text': {
      const plain = ofText?.(test) ?? (() => false);
      const is = isFolded === true ? (value: string) => plain(foldText(value)) : plain;
      return (facts) => {
        const value = facts[fact];
        if (typeof value === 'string') return is(value);
        return Array.isArray(value) ? (value as readonly string[]).some(is) : undefined;
      };
    }
  }
}
