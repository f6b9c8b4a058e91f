import type { HitCount, SimulatedStatement, Simulation } from '@sentinel/protocol';

const MOST_NAMES = 5;

/** What a simulation came to, for a terminal: a block a statement, who and what would be hit, most runs first. */
export function printSimulation(simulation: Simulation): string {
  const { activities, from, to, statements } = simulation;
  const lines = [`${activities} activities from ${from.slice(0, 16)} to ${to.slice(0, 16)} were played.`, ''];
  for (const one of statements) lines.push(...block(one));
  return `${lines.join('\n')}\n`;
}

function block({
  policyId,
  statementId,
  effect,
  hits,
  runs,
  scripts,
  users,
  endpoints,
  departments,
}: SimulatedStatement): string[] {
  const head = `${policyId}/${statementId}: ${effect}, ${hits} ${hits === 1 ? 'hit' : 'hits'} in ${runs} ${runs === 1 ? 'run' : 'runs'}`;
  if (hits === 0) return [head];
  return [
    head,
    `  scripts   ${named(scripts)}`,
    `  machines  ${named(endpoints)}`,
    `  people    ${named(users)}`,
    ...(departments.length === 0 ? [] : [`  departments ${named(departments)}`]),
  ];
}

/** The first of a list by name, and how many more there are. */
export function named(counts: readonly HitCount[]): string {
  const shown = counts.slice(0, MOST_NAMES).map(({ name, label, runs }) => `${label ?? name} (${runs})`);
  const more = counts.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
