import type { CompiledPolicy, Policy, PolicyExample, PolicyStatement } from '@sentinel/protocol';
import { makeEvaluator } from './evaluate.ts';
import { factOf } from './facts.ts';

/** An example of a policy file that does not come out as it says. */
export interface ExampleFault {
  readonly statement: string;
  readonly key: 'match' | 'nomatch';
  /** Place in that list, 0 for the first. */
  readonly index: number;
  readonly message: string;
}

/** Runs the examples that stand in a policy; gives how many there are and those that come out otherwise. */
export function tryExamples(source: Policy, compiled: CompiledPolicy): { count: number; faults: ExampleFault[] } {
  const faults: ExampleFault[] = [];
  let count = 0;
  const { evaluate } = makeEvaluator([compiled]);
  for (const statement of source.statements) {
    for (const key of ['match', 'nomatch'] as const) {
      for (const [index, example] of statement[key].entries()) {
        count += 1;
        const fault = (message: string) => faults.push({ statement: statement.id, key, index, message });
        const activity = activityOf(statement, example);
        if (activity === undefined) {
          fault('says no activity, and the statement speaks of several');
          continue;
        }
        const unknown = Object.keys(example.facts).find((name) => factOf(name, [activity]) === undefined);
        if (unknown !== undefined) {
          fault(`${unknown} is no fact of ${activity}`);
          continue;
        }
        const found = evaluate(activity, example.facts).matches.find(({ statementId }) => statementId === statement.id);
        if ((found !== undefined) !== (key === 'match')) fault(key === 'match' ? 'does not match' : 'matches');
      }
    }
  }
  return { count, faults };
}

function activityOf(statement: PolicyStatement, example: PolicyExample): string | undefined {
  if (example.activity !== undefined) return example.activity;
  const all = [statement.activity].flat();
  return all.length === 1 ? all[0] : undefined;
}
