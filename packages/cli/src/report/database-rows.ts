import type { ObservedActivity } from '@sentinel/protocol';
import { attributeText, groupBy, sumOf } from './attribute-text.ts';
import { countOf } from './quantities.ts';
import type { Section } from './section.ts';
import { shortPath } from './short-path.ts';

/** Statements by database, operation and tables, with their rows. */
export function databaseRows(activities: readonly ObservedActivity[]): Section | undefined {
  const queries = activities.filter(({ type }) => type === 'db.query');
  const connections = activities.filter(({ type }) => type === 'db.connect');
  if (queries.length + connections.length === 0) return undefined;
  const databases = new Set([...connections, ...queries].map(databaseOf));
  const rows = [
    ...groupBy(queries, (query) =>
      [databaseOf(query), attributeText(query, 'db.operation.name'), attributeText(query, 'db.collection.name')].join(
        '\t',
      ),
    ),
  ].map(([key, group]) => {
    const [database = '', operation = '', tables = ''] = key.split('\t');
    const count = sumOf(group, 'count');
    const errors = sumOf(group, 'errors');
    return [
      database,
      `${operation}${tables === '' ? '' : ` ${tables}`}${count > 1 ? ` x${count}` : ''}`,
      [sumOf(group, 'rows') > 0 ? countOf(sumOf(group, 'rows'), 'row') : '', errors > 0 ? `${errors} failed` : '']
        .filter((part) => part !== '')
        .join(', '),
    ];
  });
  const used = new Set(queries.map(databaseOf));
  const idle = [...databases].filter((database) => !used.has(database)).map((database) => [database, 'opened', '']);
  return { title: 'Databases', summary: countOf(databases.size, 'database'), rows: [...rows, ...idle] };
}

function databaseOf(activity: ObservedActivity): string {
  const system = attributeText(activity, 'db.system.name');
  const server = attributeText(activity, 'server.address');
  const name = shortPath(attributeText(activity, 'db.namespace'));
  return `${system} ${[server, name].filter((part) => part !== '').join('/')}`.trim();
}
