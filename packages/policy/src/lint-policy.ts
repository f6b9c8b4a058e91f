import type { CompiledPolicy, CompiledStatement, PolicyCondition, PolicyTest } from '@sentinel/protocol';
import { isStricter } from './evaluate.ts';

/** Something in a policy that is allowed and hardly meant. */
export interface LintRemark {
  readonly statement: string;
  readonly code: 'always-true' | 'never-true' | 'shadowed' | 'lowers-floor' | 'open-allow-list' | 'no-examples';
  readonly message: string;
}

/** Remarks on a policy; `examples` are those of its source by statement. */
export function lintPolicy(policy: CompiledPolicy, examples: ReadonlyMap<string, number>): LintRemark[] {
  return policy.statements.flatMap((statement, index): LintRemark[] => {
    const remark = (code: LintRemark['code'], message: string): LintRemark => ({
      statement: statement.id,
      code,
      message,
    });
    const remarks: LintRemark[] = [];
    if (isAlways(statement.when) && isStricter(statement.effect, 'warn'))
      remarks.push(remark('always-true', `${statement.effect} for every ${statement.activities.join(', ')}`));
    if (statement.when.every(isContradiction)) remarks.push(remark('never-true', 'its condition can never hold'));
    else {
      const above = policy.statements.find((other, at) => at !== index && covers(other, statement, at < index));
      if (above !== undefined)
        remarks.push(
          remark('shadowed', `${above.id} matches whenever this does, and is as strict: this never decides`),
        );
    }
    const floor = policy.statements.find(
      (other) =>
        other.isFloor &&
        other !== statement &&
        isStricter(other.effect, statement.effect) &&
        covers(other, statement, true, true),
    );
    if (floor !== undefined && statement.effect === 'allow')
      remarks.push(remark('lowers-floor', `the floor ${floor.id} stands above it: allow changes nothing there`));
    const open = statement.when.flat().find(isAllowList);
    if (open !== undefined && !statement.matchesUnknown && isStricter(statement.effect, 'warn'))
      remarks.push(
        remark(
          'open-allow-list',
          `where ${open.fact} is missing it says nothing: write on_unknown: match, or it can be walked past`,
        ),
      );
    if ((examples.get(statement.id) ?? 0) === 0) remarks.push(remark('no-examples', 'has no example that matches'));
    return remarks;
  });
}

function isAlways(condition: PolicyCondition): boolean {
  return condition.some((tests) => tests.length === 0);
}

/** A question and its opposite, or a text that would have to be two. */
function isContradiction(tests: readonly PolicyTest[]): boolean {
  return tests.some((one, at) =>
    tests.slice(at + 1).some((other) => {
      if (one.fact !== other.fact) return false;
      if (JSON.stringify({ ...one, isNegated: undefined }) === JSON.stringify({ ...other, isNegated: undefined }))
        return (one.isNegated === true) !== (other.isNegated === true);
      if (one.isNegated === true || other.isNegated === true) return false;
      if (one.operator === 'in' && other.operator === 'in' && one.isFolded === other.isFolded)
        return !(one.texts ?? []).some((text) => other.texts?.includes(text));
      return isEmptyRange(one, other) || isEmptyRange(other, one);
    }),
  );
}

function isEmptyRange(low: PolicyTest, high: PolicyTest): boolean {
  const bottom =
    low.operator === 'gt'
      ? (low.number ?? 0) + 1
      : low.operator === 'ge' || low.operator === 'eq'
        ? low.number
        : undefined;
  const top =
    high.operator === 'lt'
      ? (high.number ?? 0) - 1
      : high.operator === 'le' || high.operator === 'eq'
        ? high.number
        : undefined;
  return bottom !== undefined && top !== undefined && bottom > top;
}

/** Whether a statement matches wherever another does and is at least as strict. */
function covers(wide: CompiledStatement, narrow: CompiledStatement, wins: boolean, anyEffect = false): boolean {
  if (wide.except.length > 0 || !narrow.activities.every((type) => wide.activities.includes(type))) return false;
  if (!anyEffect && (isStricter(narrow.effect, wide.effect) || (!wins && !isStricter(wide.effect, narrow.effect))))
    return false;
  const keys = (tests: readonly PolicyTest[]) => new Set(tests.map((test) => JSON.stringify(test)));
  return narrow.when.every((tests) => {
    const own = keys(tests);
    return wide.when.some((other) => [...keys(other)].every((key) => own.has(key)));
  });
}

/** A question that holds for all but a list: who is not known walks past. */
function isAllowList(test: PolicyTest): boolean {
  return test.isNegated === true && ['under', 'in', 'inNet', 'glob', 'startsWith'].includes(test.operator);
}
