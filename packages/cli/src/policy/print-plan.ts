import type { DiffLine, PolicyDiff, SimulatedStatement, Simulation } from '@sentinel/protocol';
import { named } from './print-simulation.ts';

/** What saving would change, as the server tells it. */
export interface PlanView {
  readonly changes: readonly {
    readonly policyId: string;
    readonly change: 'new' | 'changed' | 'unchanged';
    readonly needsApproval: boolean;
    readonly diff: PolicyDiff;
  }[];
  readonly absent: readonly string[];
}

const MARKS = { new: '+', changed: '~', unchanged: ' ' } as const;
/** Unchanged lines around a change. */
const CONTEXT = 2;

/** A plan for a terminal: what changes, what that means, and who and what is hit more or less than now. */
export function printPlan({ changes, absent }: PlanView, simulation: Simulation | undefined): string {
  const lines: string[] = [];
  for (const { policyId, change, needsApproval, diff } of changes) {
    const versions =
      diff.fromVersion === undefined ? `version ${diff.toVersion}` : `${diff.fromVersion} -> ${diff.toVersion}`;
    lines.push(
      `${MARKS[change]} ${policyId} ${change === 'unchanged' ? '(unchanged)' : `${change}, ${versions}${needsApproval ? ', takes a second person' : ''}`}`,
    );
    if (change === 'unchanged') continue;
    for (const one of diff.statements) lines.push(`    ${one.id}: ${meaning(one)}`);
    if (change === 'changed') lines.push(...around(diff.lines).map((line) => `      ${line}`));
    if (simulation !== undefined)
      for (const statement of simulation.statements.filter((one) => one.policyId === policyId))
        lines.push(...effectLines(statement, before(simulation, statement)).map((line) => `    ${line}`));
  }
  if (absent.length > 0) lines.push('', `In force and in none of the files, left as they are: ${absent.join(', ')}`);
  const count = (kind: string) => changes.filter(({ change }) => change === kind).length;
  lines.push('', `${count('new')} new, ${count('changed')} changed, ${count('unchanged')} unchanged.`);
  if (simulation !== undefined)
    lines.push(`Played over ${simulation.activities} activities from ${simulation.from.slice(0, 10)} on.`);
  return `${lines.join('\n')}\n`;
}

function meaning({ change, fromEffect, toEffect }: PolicyDiff['statements'][number]): string {
  switch (change) {
    case 'added':
      return `new, ${toEffect ?? ''}`;
    case 'removed':
      return `gone, was ${fromEffect ?? ''}`;
    case 'stricter':
    case 'milder':
      return fromEffect === toEffect ? change : `${change}: ${fromEffect ?? ''} -> ${toEffect ?? ''}`;
    case 'condition':
      return 'another condition';
    case 'text':
      return 'other words only';
    default:
      return change satisfies never;
  }
}

function before({ statements }: Simulation, { policyId, statementId }: SimulatedStatement) {
  return statements.find((one) => one.policyId === `${policyId}@now` && one.statementId === statementId);
}

function effectLines(now: SimulatedStatement, then: SimulatedStatement | undefined): string[] {
  const less = (pick: 'scripts' | 'users' | 'endpoints') => {
    const old = new Set(then?.[pick].map(({ name }) => name));
    const fresh = now[pick].filter(({ name }) => !old.has(name));
    const current = new Set(now[pick].map(({ name }) => name));
    return { fresh, gone: (then?.[pick] ?? []).filter(({ name }) => !current.has(name)) };
  };
  const lines = [
    `${now.statementId} would hit ${now.hits} times in ${now.runs} runs${then === undefined ? '' : `; now ${then.hits} times in ${then.runs}`}`,
  ];
  for (const [title, pick] of [
    ['scripts', 'scripts'],
    ['machines', 'endpoints'],
    ['people', 'users'],
  ] as const) {
    const { fresh, gone } = less(pick);
    if (fresh.length > 0) lines.push(`  ${then === undefined ? '' : 'newly '}hit ${title}: ${named(fresh)}`);
    if (gone.length > 0) lines.push(`  no longer hit ${title}: ${named(gone)}`);
  }
  return lines;
}

function around(lines: readonly DiffLine[]): string[] {
  const near = new Set<number>();
  for (const [at, { kind }] of lines.entries())
    if (kind !== 'same') for (let line = at - CONTEXT; line <= at + CONTEXT; line += 1) near.add(line);
  const shown: string[] = [];
  for (const [at, { kind, text }] of lines.entries()) {
    if (near.has(at)) shown.push(`${kind === 'added' ? '+' : kind === 'removed' ? '-' : ' '} ${text}`);
    else if (near.has(at - 1)) shown.push('...');
  }
  return shown;
}
