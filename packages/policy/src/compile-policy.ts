import type {
  CompiledPolicy,
  CompiledStatement,
  Effect,
  Policy,
  PolicyCondition,
  PolicyStatement,
} from '@sentinel/protocol';
import { PolicyError } from './expression.ts';
import { factOf, isActivityType } from './facts.ts';
import { normalForm } from './formula.ts';
import { lowerCondition } from './lower-condition.ts';
import { parseCondition } from './parse-condition.ts';

/** Effects that stop or change the act, and so need all facts before it. */
const STOPPING: ReadonlySet<Effect> = new Set(['redact', 'approve', 'block']);

/** A fault of a policy with its place in the file. */
export interface PolicyFault {
  readonly statement?: string;
  /** Key in the file, such as `when`. */
  readonly key: string;
  /** Offset within that key's text. */
  readonly at?: number;
  readonly message: string;
  readonly hint?: string;
}

/** What compiling came to. */
export type Compiled =
  | { readonly policy: CompiledPolicy; readonly faults: readonly [] }
  | { readonly policy: undefined; readonly faults: readonly PolicyFault[] };

/** Compiles a policy to its normal form; every fault is given, not only the first. */
export function compilePolicy(policy: Policy): Compiled {
  const faults: PolicyFault[] = [];
  const statements: CompiledStatement[] = [];
  const ids = new Set<string>();
  for (const statement of policy.statements) {
    if (ids.has(statement.id))
      faults.push({ statement: statement.id, key: 'id', message: `${statement.id} stands twice in the policy` });
    ids.add(statement.id);
    const found = compileStatement(statement, policy, faults);
    if (found !== undefined) statements.push(found);
  }
  if (faults.length > 0) return { policy: undefined, faults };
  const { id, version, mode } = policy;
  return { policy: { id, version, mode, testCount: costOf(statements), statements }, faults: [] };
}

function compileStatement(
  statement: PolicyStatement,
  policy: Policy,
  faults: PolicyFault[],
): CompiledStatement | undefined {
  const before = faults.length;
  const fault = (key: string, message: string, hint?: string, at?: number) =>
    faults.push({
      statement: statement.id,
      key,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(at === undefined ? {} : { at }),
    });
  const activities = [...new Set([statement.activity].flat())].sort();
  for (const type of activities) if (!isActivityType(type)) fault('activity', `${type} is no activity type`);
  if (faults.length > before) return undefined;
  const conditionOf = (key: 'when' | 'except', source: string): PolicyCondition => {
    try {
      const scope = { types: activities, lists: policy.lists, calendars: policy.calendars };
      return source.trim() === '' ? [[]] : normalForm(lowerCondition(parseCondition(source), scope));
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      fault(key, error.message, error.hint, error.at);
      return [];
    }
  };
  const when = conditionOf('when', statement.when);
  const except = statement.except === undefined ? [] : conditionOf('except', statement.except);
  const facts = [...new Set([...when, ...except].flat().map(({ fact }) => fact))];
  const later = facts.filter((name) => factOf(name, activities)?.phase === 'after');
  if (STOPPING.has(statement.effect) && later.length > 0)
    fault(
      'effect',
      `${statement.effect} comes too late: ${later.join(', ')} known only after the act`,
      'use warn or kill, or ask about facts that are known before',
    );
  if (statement.floor && statement.except !== undefined)
    fault('except', 'a floor has no exception', 'take floor or except away');
  if (statement.floor && statement.waiver !== undefined)
    fault('waiver', 'a floor has no waiver', 'take floor or waiver away');
  for (const name of statement.waiver?.by ?? []) {
    const type = factOf(name, activities)?.type;
    if (type !== 'string' && type !== 'string[]')
      fault('waiver', `${name} is no text fact of ${activities.join(', ')}`, 'such as script.sha256 or user.name');
  }
  if (statement.on_error === 'closed' && !statement.floor)
    fault(
      'on_error',
      'only a floor may stop scripts because of a fault of ours',
      'take on_error away, or make it a floor',
    );
  if (statement.effect !== 'approve' && statement.approve !== undefined)
    fault('approve', `approve belongs to the effect approve, not to ${statement.effect}`);
  if (statement.effect === 'approve' && statement.approve === undefined)
    fault('approve', 'who may approve is missing', 'such as approve: {by: [approver], hold_s: 120}');
  if (faults.length > before) return undefined;
  return {
    id: statement.id,
    activities,
    effect: statement.effect,
    severity: statement.severity,
    phase: later.length > 0 ? 'after' : 'before',
    isCacheable: facts.every((name) => factOf(name, activities)?.isStable === true),
    isFloor: statement.floor,
    matchesUnknown: statement.on_unknown === 'match',
    failsClosed: statement.on_error === 'closed',
    ...(statement.approve === undefined ? {} : { holdS: statement.approve.hold_s }),
    reason: statement.explain,
    when,
    except,
  };
}

/** Most questions that one activity can meet. */
function costOf(statements: readonly CompiledStatement[]): number {
  const byType = new Map<string, number>();
  for (const { activities, when, except } of statements) {
    const cost = [...when, ...except].reduce((sum, tests) => sum + tests.length, 0);
    for (const type of activities) byType.set(type, (byType.get(type) ?? 0) + cost);
  }
  return Math.max(0, ...byType.values());
}
