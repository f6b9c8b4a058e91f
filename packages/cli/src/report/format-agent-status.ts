import type { AgentStatus } from '@sentinel/protocol';
import { coverageLines } from './coverage-lines.ts';
import { countOf, formatBytes, formatDuration } from './quantities.ts';
import { paint, type TextStyle } from './terminal-style.ts';
import { trustLines } from './trust-lines.ts';

/** What is known of an agent. */
export interface AgentView {
  readonly running: boolean;
  readonly inContact: boolean;
  readonly pid: number | null;
  readonly ageMs: number | null;
  readonly status: AgentStatus | null;
}

/** The state of the agent for people. */
export function formatAgentStatus(view: AgentView, style: TextStyle): string {
  const { status } = view;
  const state = !view.running
    ? paint('not running', 'red', style)
    : view.inContact
      ? paint('running, in contact with the server', 'green', style)
      : paint('running, no contact with the server', 'yellow', style);
  const lines: [string, string][] = [['Agent', `${state}${view.pid === null ? '' : ` (process ${view.pid})`}`]];
  if (status !== null) {
    const { counters } = status;
    lines.push(['Endpoint', status.endpointId ?? 'not enrolled yet']);
    lines.push(['Server', status.serverUrl]);
    lines.push(['Last contact', status.lastContactAt ?? 'never']);
    if (status.lastProblem !== undefined) lines.push(['Problem', status.lastProblem]);
    lines.push(['Runs', `${countOf(counters.runsSeen, 'run')} seen, ${counters.runsOpen} going on`]);
    lines.push([
      'Spool',
      `${countOf(counters.spoolBatches, 'batch', 'batches')} waiting, ${formatBytes(counters.spoolBytes)}`,
    ]);
    lines.push(['Shipped', countOf(counters.batchesShipped, 'batch', 'batches')]);
    const set = [
      counters.batchesQuarantined > 0 ? countOf(counters.batchesQuarantined, 'batch', 'batches') : '',
      counters.recordsMalformed > 0 ? countOf(counters.recordsMalformed, 'record') : '',
    ].filter((part) => part !== '');
    if (set.length > 0) lines.push(['Set aside', set.join(', ')]);
    if (counters.activitiesDropped > 0)
      lines.push(['Dropped', countOf(counters.activitiesDropped, 'activity', 'activities')]);
    if (status.trust !== undefined) lines.push(...trustLines(status.trust, status.isChannelOpen === true));
    if (status.coverage !== undefined) lines.push(...coverageLines(status.coverage));
  }
  if (view.ageMs !== null) lines.push(['As of', `${formatDuration(view.ageMs)} ago`]);
  return lines.map(([name, text]) => `${paint(name.padEnd(13), 'dim', style)}${text}\n`).join('');
}
