import { databaseKey, LEAST_RUNS } from '../context/baseline.ts';
import { defineRule } from '../rule.ts';
import { groupBy } from '../run/activity-facts.ts';
import { databaseName } from '../run/databases.ts';
import { someOf } from '../run/sentence.ts';

/** A database that this script never used before. */
export default defineRule({
  id: 'database-first-use',
  title: 'Database used for the first time',
  severity: 'low',
  confidence: 'medium',
  techniques: ['T1213.006'],
  controls: ['ISO27001:A.8.16'],
  misses: `Nothing is judged before ${LEAST_RUNS} earlier runs are known, nor for scripts that open another file each time.`,
  references: ['https://attack.mitre.org/techniques/T1213/006/'],
  find: (view) => {
    const { baseline } = view.context;
    if (baseline === undefined || baseline.runs < LEAST_RUNS) return [];
    // Who opens another file each time has no database that is new.
    if (baseline.databases.length * 2 > baseline.runs) return [];
    const queries = view
      .ofType('db.query')
      .filter(({ attributes }) => !baseline.databases.includes(databaseKey(attributes)));
    return [...groupBy(queries, (query) => databaseKey(query.attributes))].map(([key, group]) => ({
      subject: key,
      sentence: `The script used ${databaseName(group[0], view.context)} for the first time; in ${baseline.runs} earlier runs it never did.`,
      evidence: someOf(group).map((query) => view.evidence(query, 'first use')),
    }));
  },
});
