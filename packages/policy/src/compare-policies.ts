import type { CompiledPolicy, CompiledStatement, PolicyDiff } from '@sentinel/protocol';
import { diffLines } from './diff-lines.ts';
import { isStricter } from './evaluate.ts';

/** A version of a policy as files give it. */
export interface PolicyText {
  readonly source: string;
  readonly compiled: CompiledPolicy;
}

/** What a version of a policy changes, in lines and in meaning; `from` is undefined for a new policy. */
export function comparePolicies(from: PolicyText | undefined, to: PolicyText): PolicyDiff {
  const before = new Map((from?.compiled.statements ?? []).map((one) => [one.id, one]));
  const after = new Map(to.compiled.statements.map((one) => [one.id, one]));
  const statements: PolicyDiff['statements'] = [];
  for (const [id, statement] of after) {
    const old = before.get(id);
    if (old === undefined) statements.push({ id, change: 'added', toEffect: statement.effect });
    else {
      const change = changeOf(old, statement, from?.compiled.mode !== to.compiled.mode ? to.compiled.mode : undefined);
      if (change !== undefined) statements.push({ id, change, fromEffect: old.effect, toEffect: statement.effect });
    }
  }
  for (const [id, { effect }] of before)
    if (!after.has(id)) statements.push({ id, change: 'removed', fromEffect: effect });
  return {
    ...(from === undefined ? {} : { fromVersion: from.compiled.version }),
    toVersion: to.compiled.version,
    lines: diffLines(from?.source ?? '', to.source),
    statements,
  };
}

function changeOf(
  old: CompiledStatement,
  now: CompiledStatement,
  newMode: CompiledPolicy['mode'] | undefined,
): PolicyDiff['statements'][number]['change'] | undefined {
  if (newMode !== undefined) return newMode === 'enforce' ? 'stricter' : 'milder';
  if (isStricter(now.effect, old.effect)) return 'stricter';
  if (isStricter(old.effect, now.effect)) return 'milder';
  if (meaningOf(old) !== meaningOf(now)) return 'condition';
  return JSON.stringify(old) === JSON.stringify(now) ? undefined : 'text';
}

/** All that decides when a statement matches. */
function meaningOf({
  activities,
  isFloor,
  matchesUnknown,
  failsClosed,
  holdS,
  when,
  except,
}: CompiledStatement): string {
  return JSON.stringify([activities, isFloor, matchesUnknown, failsClosed, holdS, when, except]);
}
