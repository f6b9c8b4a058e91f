import type { ObservedActivity } from '@sentinel/protocol';
import { matchesGlob } from '../context/glob.ts';
import type { JudgeContext } from '../context/judge-context.ts';
import { isUnder } from '../context/known-hosts.ts';
import { listOf, textOf } from './activity-facts.ts';
import { fileName } from './sentence.ts';

/** Products whose databases are files of the program that opens them. */
const EMBEDDED = new Set(['sqlite', 'duckdb']);

/** Whether the database is a file that the script opens itself, such as SQLite. */
export function isEmbedded(query: ObservedActivity): boolean {
  return EMBEDDED.has(textOf(query, 'db.system.name'));
}

/** Tables of a statement. */
export function tablesOf(query: ObservedActivity): readonly string[] {
  return listOf(query, 'db.collection.name').flatMap((names) => names.split(',').map((name) => name.trim()));
}

/** Name of the business application that a database or host belongs to. */
export function businessSystemOf(activity: ObservedActivity, context: JudgeContext): string | undefined {
  if (context.businessSystems.length === 0) return undefined;
  const namespace = textOf(activity, 'db.namespace');
  const host = textOf(activity, 'server.address').toLowerCase();
  return context.businessSystems.find(
    ({ match }) => (namespace !== '' && matchesGlob(namespace, match)) || (host !== '' && isUnder(host, [match])),
  )?.name;
}

/** Name of a database for people: the application's where that is known, else product, name and server. */
export function databaseName(activity: ObservedActivity, context: JudgeContext): string {
  const system = businessSystemOf(activity, context);
  if (system !== undefined) return system;
  const name = fileName(textOf(activity, 'db.namespace'));
  const server = textOf(activity, 'server.address');
  return [textOf(activity, 'db.system.name'), name, server === '' ? '' : `on ${server}`]
    .filter((part) => part !== '')
    .join(' ');
}
