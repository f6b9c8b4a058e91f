import type { CompiledPolicy, Policy, PolicyCondition, PolicyTest } from '@sentinel/protocol';
import { factOf } from './facts.ts';
import { USUAL_WAIVER } from './summarise-statements.ts';

/** A condition for a waiver, or a sentence on why there is none. */
export type BoundWaiver =
  | { readonly when: PolicyCondition; readonly maxDays: number; readonly fault?: never }
  | { readonly fault: string; readonly when?: never };

/** The condition of a waiver that is bound to values of facts, as far as the author of the statement allows it. */
export function bindWaiver(
  policy: Policy,
  statementId: string,
  bound: Readonly<Record<string, readonly string[]>>,
): BoundWaiver {
  const statement = policy.statements.find(({ id }) => id === statementId);
  if (statement === undefined) return { fault: `${policy.id} has no statement ${statementId}` };
  if (statement.floor) return { fault: `${statementId} is a floor: nothing may lower it` };
  const by: readonly string[] = (statement.waiver ?? USUAL_WAIVER).by;
  const maxDays = (statement.waiver ?? USUAL_WAIVER).max_days;
  const names = Object.keys(bound);
  if (names.length === 0) return { fault: `a waiver of ${statementId} is bound to ${by.join(' or ')}` };
  const foreign = names.find((name) => !by.includes(name));
  if (foreign !== undefined)
    return { fault: `the author of ${statementId} allows waivers by ${by.join(' and ')}, not by ${foreign}` };
  const types = [statement.activity].flat();
  const tests: PolicyTest[] = [];
  for (const [fact, texts] of Object.entries(bound)) {
    const type = factOf(fact, types)?.type;
    if (type !== 'string' && type !== 'string[]') return { fault: `${fact} is no text that a waiver can be bound to` };
    // A pattern would widen it unseen.
    tests.push({ fact, operator: 'in', texts: [...new Set(texts)].sort() });
  }
  return { when: [tests], maxDays };
}

/** The policy with nothing but what a waiver lets through of one statement: how often it was used can be played over history. */
export function waivedPart(
  policy: CompiledPolicy,
  statementId: string,
  waiver: PolicyCondition,
): CompiledPolicy | undefined {
  const statement = policy.statements.find(({ id }) => id === statementId);
  if (statement === undefined) return undefined;
  const when = statement.when.flatMap((tests) => waiver.map((own) => [...tests, ...own]));
  return { ...policy, statements: [{ ...statement, when }] };
}
