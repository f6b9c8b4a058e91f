import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ObservedActivity, Run } from '@sentinel/protocol';

/** A recorded real run that simulated ones are made from. */
export interface RunTemplate {
  readonly name: string;
  readonly run: Run;
  readonly activities: readonly ObservedActivity[];
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Whether it is everyday work; most of a fleet is. */
  readonly isOrdinary: boolean;
}

/** Most activities of one template: a fleet consists of small runs. */
const MOST_ACTIVITIES = 250;

/** Every recorded run that ended, each script once: the proofs beside the detector's rules and its scenarios. */
export function readTemplates(): RunTemplate[] {
  const detector = dirname(fileURLToPath(import.meta.resolve('@sentinel/detector')));
  const templates = new Map<string, RunTemplate>();
  for (const folder of ['scenarios', 'rules']) {
    const files = readdirSync(join(detector, folder)).filter((file) => file.endsWith('.json'));
    for (const file of files.sort()) {
      const { cases } = JSON.parse(readFileSync(join(detector, folder, file), 'utf8')) as {
        cases: { script: string; run: unknown; activities: unknown[] }[];
      };
      for (const one of cases) {
        const run = Run.parse(one.run);
        if (templates.has(one.script) || run.endedAt === undefined || one.activities.length > MOST_ACTIVITIES) continue;
        const startedAtMs = Date.parse(run.startedAt);
        templates.set(one.script, {
          name: one.script,
          run,
          activities: one.activities.map((activity) => ObservedActivity.parse(activity)),
          startedAtMs,
          durationMs: Math.max(1, Date.parse(run.endedAt) - startedAtMs),
          isOrdinary: file === 'ordinary.json',
        });
      }
    }
  }
  return [...templates.values()];
}
