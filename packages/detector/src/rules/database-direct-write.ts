import { categoriesOf } from '../context/data-categories.ts';
import { defineRule } from '../rule.ts';
import { groupBy, textOf } from '../run/activity-facts.ts';
import { labelsOfDatabase } from '../run/data-sources.ts';
import { businessSystemOf, databaseName, isEmbedded, tablesOf } from '../run/databases.ts';
import { countOf, namesOf, someOf } from '../run/sentence.ts';

const VERBS: Readonly<Record<string, string>> = {
  INSERT: 'inserted',
  UPDATE: 'updated',
  DELETE: 'deleted',
  MERGE: 'merged',
  REPLACE: 'replaced',
  TRUNCATE: 'emptied',
  DROP: 'dropped',
  DDL: 'changed the structure of',
};

/** Rows changed in a database directly, past the checks of the application. */
export default defineRule({
  id: 'database-direct-write',
  title: 'Database written directly',
  severity: 'medium',
  confidence: 'high',
  techniques: ['T1565.001'],
  controls: ['ISO27001:A.8.3', 'SOX:ITGC-CM'],
  misses:
    'Databases of one file (SQLite, DuckDB) unless they are known to belong to an application; stored procedures that write.',
  references: ['https://attack.mitre.org/techniques/T1565/001/'],
  find: (view) => {
    const writes = view
      .ofType('db.query')
      .filter(
        (query) =>
          textOf(query, 'db.operation.name') in VERBS &&
          query.count > query.errors &&
          !tablesOf(query).every((table) => /^(?:temp|tmp|#)/i.test(table)) &&
          (!isEmbedded(query) || businessSystemOf(query, view.context) !== undefined),
      );
    return [...groupBy(writes, (query) => databaseName(query, view.context))].map(([name, group]) => {
      const done = [...groupBy(group, (query) => textOf(query, 'db.operation.name'))].map(([operation, queries]) => {
        const rows = queries.reduce((sum, query) => sum + query.rows, 0);
        return `${VERBS[operation] ?? operation} ${rows > 0 ? `${countOf(rows, 'row')} in ` : ''}${namesOf(queries.flatMap(tablesOf)) || 'a table'}`;
      });
      const isFinancial =
        categoriesOf(group.flatMap((query) => labelsOfDatabase(query, view.context.labels))).length > 0;
      return {
        subject: `${name} ${[...new Set(group.flatMap(tablesOf))].sort().join(',')}`,
        sentence: `The script ${done.join(' and ')} directly in ${name}, past the checks of the application.`,
        evidence: someOf(group).map((query) =>
          view.evidence(query, `${countOf(query.count, 'statement')}, ${countOf(query.rows, 'row')}`),
        ),
        ...(isFinancial || businessSystemOf(group[0], view.context) !== undefined ? { severity: 'high' as const } : {}),
      };
    });
  },
});
