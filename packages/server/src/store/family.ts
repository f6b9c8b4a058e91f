import type { Run, Sanction } from '@sentinel/protocol';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of a family: all copies and versions of one script. */
export interface FamilyTable {
  id: string;
  name: string;
  path: string | null;
  /** What somebody decided; null: nobody did. */
  sanction: string | null;
  owner: string | null;
  department_id: string | null;
  /** First seen writer. */
  author: string | null;
  first_seen_at: number;
  last_seen_at: number;
  updated_at: number | null;
}

/** Row of which family a normalised syntax belongs to. */
export interface FamilySyntaxTable {
  hash: string;
  family_id: string;
  since: number;
}

/** Row of a version at a place, as somebody ran it. */
export interface FamilyCopyTable {
  family_id: string;
  script_id: string;
  endpoint_id: string;
  /** Empty for code without a file. */
  path: string;
  user_name: string;
  host_name: string;
  sha256: string | null;
  first_seen_at: number;
  last_seen_at: number;
}

/** Row of what somebody decided about a family. */
export interface FamilyEventTable {
  id: string;
  family_id: string;
  at: number;
  who: string;
  change: string;
}

/** What a decision changes; absent: stays, null: taken back. */
export interface FamilyChange {
  readonly sanction?: Sanction | null;
  readonly owner?: string | null;
  readonly departmentId?: string | null;
  readonly reason?: string;
}

/**
 * Family of a run's script. The same normalised syntax is the same family anywhere; a new version at the place of an earlier one
 * joins that one's family; else it founds one.
 */
export async function resolveFamily(
  store: ControlStore,
  run: Run & { readonly endpointId: string },
  hash: string | undefined,
  author: string | undefined,
): Promise<FamilyTable> {
  const startedMs = Date.parse(run.startedAt);
  const path = run.script.path ?? '';
  const id =
    (await ofSyntax(store, hash)) ??
    (path === '' ? undefined : await ofPlace(store, run.endpointId, path)) ??
    (await ofVersion(store, run.script.id)) ??
    hash ??
    `script:${run.script.id}`;
  if (hash !== undefined) {
    await store
      .insertInto('family_syntax')
      .values({ hash, family_id: id, since: startedMs })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }
  await keepCopy(store, run, id, path, startedMs);
  return keepFamily(store, run, id, author, startedMs);
}

async function ofSyntax(store: ControlStore, hash: string | undefined): Promise<string | undefined> {
  if (hash === undefined) return undefined;
  const row = await store.selectFrom('family_syntax').select('family_id').where('hash', '=', hash).executeTakeFirst();
  return row?.family_id;
}

async function ofPlace(store: ControlStore, endpointId: string, path: string): Promise<string | undefined> {
  const row = await store
    .selectFrom('family_copy')
    .select('family_id')
    .where('endpoint_id', '=', endpointId)
    .where('path', '=', path)
    .orderBy('last_seen_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.family_id;
}

async function ofVersion(store: ControlStore, scriptId: string): Promise<string | undefined> {
  const row = await store
    .selectFrom('family_copy')
    .select('family_id')
    .where('script_id', '=', scriptId)
    .orderBy('first_seen_at')
    .limit(1)
    .executeTakeFirst();
  return row?.family_id;
}

async function keepCopy(
  store: ControlStore,
  run: Run & { readonly endpointId: string },
  familyId: string,
  path: string,
  startedMs: number,
): Promise<void> {
  const key = { script_id: run.script.id, endpoint_id: run.endpointId, path, user_name: run.user.name };
  const known = await store
    .selectFrom('family_copy')
    .select(['family_id', 'first_seen_at', 'last_seen_at'])
    .where('script_id', '=', key.script_id)
    .where('endpoint_id', '=', key.endpoint_id)
    .where('path', '=', key.path)
    .where('user_name', '=', key.user_name)
    .executeTakeFirst();
  const row = {
    family_id: familyId,
    host_name: run.hostName,
    sha256: run.script.sha256 ?? null,
    first_seen_at: Math.min(known?.first_seen_at ?? startedMs, startedMs),
    last_seen_at: Math.max(known?.last_seen_at ?? startedMs, startedMs),
  };
  await store
    .insertInto('family_copy')
    .values({ ...key, ...row })
    .onConflict((conflict) => conflict.columns(['script_id', 'endpoint_id', 'path', 'user_name']).doUpdateSet(row))
    .execute();
  // A family that somebody founded by running code that turned out to be known: empty now, unless people decided about it.
  if (known !== undefined && known.family_id !== familyId) await dropEmpty(store, known.family_id);
}

async function dropEmpty(store: ControlStore, familyId: string): Promise<void> {
  const copy = await store
    .selectFrom('family_copy')
    .select('script_id')
    .where('family_id', '=', familyId)
    .limit(1)
    .executeTakeFirst();
  const event = await store
    .selectFrom('family_event')
    .select('id')
    .where('family_id', '=', familyId)
    .limit(1)
    .executeTakeFirst();
  if (copy === undefined && event === undefined) await store.deleteFrom('family').where('id', '=', familyId).execute();
}

async function keepFamily(
  store: ControlStore,
  run: Run,
  id: string,
  author: string | undefined,
  startedMs: number,
): Promise<FamilyTable> {
  const known = await store.selectFrom('family').selectAll().where('id', '=', id).executeTakeFirst();
  const isFirst = known === undefined || startedMs < known.first_seen_at;
  const isLast = known === undefined || startedMs >= known.last_seen_at;
  const row = {
    name: isLast ? run.script.name : known.name,
    path: isLast ? (run.script.path ?? null) : known.path,
    author: isFirst ? (author ?? known?.author ?? run.user.name) : (known.author ?? author ?? null),
    first_seen_at: Math.min(known?.first_seen_at ?? startedMs, startedMs),
    last_seen_at: Math.max(known?.last_seen_at ?? startedMs, startedMs),
  };
  const rest = { sanction: null, owner: null, department_id: null, updated_at: null };
  await store
    .insertInto('family')
    .values({ id, ...rest, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  return { ...rest, ...known, id, ...row };
}

/** Writes a decision about a family, and its history. Whether there is such a family. */
export async function decideFamily(
  store: ControlStore,
  id: string,
  change: FamilyChange,
  who: string,
  nowMs: number,
): Promise<boolean> {
  return store.transaction().execute(async (transaction) => {
    const known = await transaction.selectFrom('family').selectAll().where('id', '=', id).executeTakeFirst();
    if (known === undefined) return false;
    await transaction
      .updateTable('family')
      .set({
        ...(change.sanction === undefined ? {} : { sanction: change.sanction }),
        ...(change.owner === undefined ? {} : { owner: change.owner }),
        ...(change.departmentId === undefined ? {} : { department_id: change.departmentId }),
        updated_at: nowMs,
      })
      .where('id', '=', id)
      .execute();
    const before = { sanction: known.sanction, owner: known.owner, departmentId: known.department_id };
    await transaction
      .insertInto('family_event')
      .values({ id: newUuidV7(), family_id: id, at: nowMs, who, change: JSON.stringify({ before, after: change }) })
      .execute();
    return true;
  });
}
