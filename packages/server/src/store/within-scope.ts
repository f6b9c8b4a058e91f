import { type RawBuilder, sql } from 'kysely';
import type { Scope } from './scope.ts';

/**
 * Condition that is true for rows of the control store within a scope.
 * @param table - Table or alias with `endpoint_id` and `user_name`.
 */
export function withinScope(scope: Scope, table: string): RawBuilder<boolean> {
  if (scope.isAll) return sql<boolean>`1 = 1`;
  const parts: RawBuilder<boolean>[] = [];
  if (scope.endpointIds.length > 0)
    parts.push(sql<boolean>`${sql.ref(`${table}.endpoint_id`)} in (${sql.join([...scope.endpointIds])})`);
  if (scope.osUsers.length > 0)
    parts.push(sql<boolean>`${sql.ref(`${table}.user_name`)} in (${sql.join([...scope.osUsers])})`);
  return parts.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(parts, sql` or `)})`;
}
