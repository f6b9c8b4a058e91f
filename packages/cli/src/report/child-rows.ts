import type { Run, RunReport } from '@sentinel/protocol';
import { countOf, formatDuration } from './quantities.ts';
import type { Section } from './section.ts';

/** Python runs that the program forked or launched. */
export function childRows(children: RunReport['children']): Section | undefined {
  if (children.length === 0) return undefined;
  const rows = children.map(({ run, activities }) => [
    run.script.name + (run.startKind === 'fork' ? ' (fork)' : ''),
    endText(run),
    run.durationMs === undefined ? '' : formatDuration(run.durationMs),
    countOf(activities.length, 'activity', 'activities'),
  ]);
  return { title: 'Children', summary: countOf(children.length, 'Python run'), rows };
}

function endText(run: Run): string {
  if (run.status === 'running') return 'still running';
  if (run.exitSignal !== undefined) return `ended by ${run.exitSignal}`;
  if (run.exitRoute === 'exec') return 'became another program';
  return run.exitCode === undefined ? (run.exitRoute ?? 'ended') : `exit code ${run.exitCode}`;
}
