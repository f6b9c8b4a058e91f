import type { JudgeContext } from '@sentinel/detector';
import { Sanction } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';

type ScriptStanding = JudgeContext['script'];

/**
 * Standing of a script as a run began. Only what forbids looks back: a script that is retired today did nothing wrong
 * when it ran yesterday, while a review of today also answers for what ran before.
 */
export async function standingAtStart(
  store: ControlStore,
  script: ScriptStanding,
  run: { readonly startedAt: string },
): Promise<ScriptStanding> {
  if (script.family === undefined || (script.sanction !== 'retired' && script.sanction !== 'unsanctioned'))
    return script;
  const rows = await store
    .selectFrom('family_event')
    .select(['at', 'change'])
    .where('family_id', '=', script.family)
    .orderBy('at')
    .orderBy('id')
    .execute();
  const decisions = rows
    .map(({ at, change }) => ({ at, ...(JSON.parse(change) as { before?: Stated; after?: Stated }) }))
    .filter(({ after }) => after?.sanction !== undefined);
  const first = decisions[0];
  // Stated by the company's rules: nobody knows since when.
  if (first === undefined) return script;
  const startedMs = Date.parse(run.startedAt);
  const last = decisions.findLast(({ at }) => at <= startedMs);
  const stated = Sanction.safeParse(last === undefined ? first.before?.sanction : last.after?.sanction);
  return { ...script, sanction: stated.success ? stated.data : 'unreviewed' };
}

interface Stated {
  readonly sanction?: string | null;
}
