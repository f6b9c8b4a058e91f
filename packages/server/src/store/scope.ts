import { type Role, reachOf } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';
import type { QueryParameters } from './event-store.ts';

/** What of the fleet somebody may see; every query over runs, scripts, machines and findings takes one. */
export interface Scope {
  /** Whether it is everything; the lists below are empty then. */
  readonly isAll: boolean;
  readonly departments: readonly string[];
  /** Endpoints of the departments, at the time of the request. */
  readonly endpointIds: readonly string[];
  /** Accounts of operating systems whose runs are the person's own. */
  readonly osUsers: readonly string[];
}

/** All of the fleet: for jobs, and for people whose role reaches everywhere. */
export const EVERYTHING: Scope = { isAll: true, departments: [], endpointIds: [], osUsers: [] };

/** What an account says of its reach. */
export interface Reach {
  readonly roles: readonly Role[];
  readonly departments: readonly string[];
  readonly osUsers: readonly string[];
}

/** The scope of an account: the widest that one of its roles has, as the departments stand now. */
export async function resolveScope(store: ControlStore, { roles, departments, osUsers }: Reach): Promise<Scope> {
  const reaches = new Set(roles.map((role) => reachOf(role, departments.length > 0)));
  if (reaches.has('all')) return EVERYTHING;
  const own = reaches.has('department') ? [...departments] : [];
  const endpoints =
    own.length === 0
      ? []
      : await store.selectFrom('endpoint').select('id').where('department', 'in', own).orderBy('id').execute();
  return {
    isAll: false,
    departments: own,
    endpointIds: endpoints.map(({ id }) => id),
    osUsers: reaches.has('own') ? [...osUsers] : [],
  };
}

/** SQL that is true for rows of `run` and `activity` within a scope, with its parameters. */
export function scopeCondition({ isAll, endpointIds, osUsers }: Scope): {
  readonly condition: string;
  readonly parameters: QueryParameters;
} {
  if (isAll) return { condition: '1', parameters: {} };
  const parts: string[] = [];
  if (endpointIds.length > 0) parts.push('endpoint_id IN {scopeEndpoints:Array(UUID)}');
  if (osUsers.length > 0) parts.push('user_name IN {scopeUsers:Array(String)}');
  return {
    condition: parts.length === 0 ? '0' : `(${parts.join(' OR ')})`,
    parameters: {
      ...(endpointIds.length > 0 ? { scopeEndpoints: endpointIds } : {}),
      ...(osUsers.length > 0 ? { scopeUsers: osUsers } : {}),
    },
  };
}

/** Whether a run lies within a scope; the same judgement as {@link scopeCondition}. */
export function isWithin(scope: Scope, run: { readonly endpointId: string; readonly userName: string }): boolean {
  return scope.isAll || scope.endpointIds.includes(run.endpointId) || scope.osUsers.includes(run.userName);
}

/** One text for one scope, to keep answers of different scopes apart. */
export function scopeKey({ isAll, endpointIds, osUsers }: Scope): string {
  return isAll ? 'all' : JSON.stringify([endpointIds, osUsers]);
}
