import { defineRule } from '../rule.ts';
import { groupBy, sumOf } from '../run/activity-facts.ts';
import { businessSystemOf, databaseName, isEmbedded, tablesOf } from '../run/databases.ts';
import { countOf, namesOf, someOf } from '../run/sentence.ts';

/** A database server that the script reads from directly, past the application that guards it. */
export default defineRule({
  id: 'database-direct-query',
  title: 'Database queried directly',
  severity: 'low',
  confidence: 'high',
  techniques: ['T1213.006'],
  controls: ['ISO27001:A.8.3'],
  misses:
    'Databases of one file (SQLite, DuckDB) unless they are known to belong to an application; drivers that have no sensor.',
  references: ['https://attack.mitre.org/techniques/T1213/006/'],
  find: (view) => {
    const queries = view
      .ofType('db.query')
      .filter(
        (query) =>
          query.attributes['db.operation.name'] === 'SELECT' &&
          query.count > query.errors &&
          (!isEmbedded(query) || businessSystemOf(query, view.context) !== undefined),
      );
    return [...groupBy(queries, (query) => databaseName(query, view.context))].map(([name, group]) => ({
      subject: name,
      sentence: `The script read ${countOf(sumOf(group, 'rows'), 'row')} straight from ${name} (${namesOf(group.flatMap(tablesOf)) || 'no named table'}).`,
      evidence: someOf(group).map((query) =>
        view.evidence(query, `${countOf(query.count, 'query', 'queries')}, ${countOf(query.rows, 'row')}`),
      ),
    }));
  },
});
