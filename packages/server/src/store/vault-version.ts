import type { CollectedScript, SecretReference, VaultEntry } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';

/** Row of a version of a script in the vault. */
export interface VaultVersionTable {
  sha256: string;
  script_id: string;
  name: string;
  kind: string;
  path: string;
  size_bytes: number;
  stored_bytes: number;
  secret_count: number;
  /** SecretReference[] as JSON. */
  secret_references: string;
  /** Source without credentials, compressed, sealed. */
  content: Uint8Array;
  collected_at: number;
  endpoint_id: string;
  restores: number;
  restored_at: number | null;
  /** RunRecipe as JSON: what was observed before retention took the activities. */
  recipe: string | null;
  recipe_at: number | null;
}

/** Row of a setting of the vault. */
export interface VaultSettingTable {
  name: string;
  value: string;
}

const SHOWN = [
  'sha256',
  'script_id',
  'name',
  'kind',
  'path',
  'size_bytes',
  'stored_bytes',
  'secret_count',
  'collected_at',
  'endpoint_id',
  'restores',
  'restored_at',
] as const;

type ShownRow = Pick<VaultVersionTable, (typeof SHOWN)[number]>;

/** Those of the hashes that the vault holds. */
export async function listKnownVersions(store: ControlStore, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await store
    .selectFrom('vault_version')
    .select('sha256')
    .where('sha256', 'in', [...hashes])
    .execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}

/** Keeps a version; false where it was there before. */
export async function insertVersion(
  store: ControlStore,
  script: CollectedScript,
  content: Uint8Array,
  endpointId: string,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('vault_version')
    .values({
      sha256: script.sha256,
      script_id: script.scriptId,
      name: script.name,
      kind: script.kind,
      path: script.path,
      size_bytes: script.sizeBytes,
      stored_bytes: content.byteLength,
      secret_count: script.references.length,
      secret_references: JSON.stringify(script.references),
      content,
      collected_at: Date.parse(script.collectedAt),
      endpoint_id: endpointId,
      restores: 0,
      restored_at: null,
      recipe: null,
      recipe_at: null,
    })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** A page of versions, newest first. */
export async function listVersions(
  store: ControlStore,
  query: { q?: string | undefined; scriptId?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ items: VaultEntry[]; nextCursor?: string; total: number }> {
  let matching = store.selectFrom('vault_version');
  if (query.scriptId !== undefined) matching = matching.where('script_id', '=', query.scriptId);
  if (query.q !== undefined && query.q !== '') {
    const text = `%${query.q.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
    const start = query.q.toLowerCase();
    matching = matching.where((row) =>
      row.or([
        sql<boolean>`lower(name) like ${text} escape '\\'`,
        sql<boolean>`lower(path) like ${text} escape '\\'`,
        ...(/^[0-9a-f]{6,64}$/.test(start) ? [row('sha256', 'like', `${start}%`)] : []),
      ]),
    );
  }
  const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  let page = matching.select(SHOWN);
  if (query.cursor !== undefined) {
    const [at, sha256] = readCursor(query.cursor);
    page = page.where((row) =>
      row.or([row('collected_at', '<', at), row.and([row('collected_at', '=', at), row('sha256', '<', sha256)])]),
    );
  }
  const rows = await page
    .orderBy('collected_at', 'desc')
    .orderBy('sha256', 'desc')
    .limit(query.limit + 1)
    .execute();
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toVaultEntry),
    ...(rows.length > query.limit && last !== undefined ? { nextCursor: writeCursor(last) } : {}),
    total: total,
  };
}

/** One version with all that is kept of it. */
export function findVersion(store: ControlStore, sha256: string): Promise<VaultVersionTable | undefined> {
  return store.selectFrom('vault_version').selectAll().where('sha256', '=', sha256).executeTakeFirst();
}

/** Versions of scripts, by the script's id. */
export async function listVersionsOf(
  store: ControlStore,
  scriptIds: readonly string[],
): Promise<{ sha256: string; scriptId: string; name: string; references: SecretReference[] }[]> {
  if (scriptIds.length === 0) return [];
  const rows = await store
    .selectFrom('vault_version')
    .select(['sha256', 'script_id', 'name', 'secret_references'])
    .where('script_id', 'in', [...scriptIds])
    .execute();
  return rows.map((row) => ({
    sha256: row.sha256,
    scriptId: row.script_id,
    name: row.name,
    references: JSON.parse(row.secret_references) as SecretReference[],
  }));
}

/** Counts a restoration. */
export async function countRestore(store: ControlStore, sha256: string, nowMs: number): Promise<void> {
  await store
    .updateTable('vault_version')
    .set((row) => ({ restores: row('restores', '+', 1), restored_at: nowMs }))
    .where('sha256', '=', sha256)
    .execute();
}

/** A setting of the vault; what `make` gives is kept where there is none. Several servers end up with the same. */
export async function vaultSetting(store: ControlStore, name: string, make: () => string): Promise<string> {
  const read = () => store.selectFrom('vault_setting').select('value').where('name', '=', name).executeTakeFirst();
  const before = await read();
  if (before !== undefined) return before.value;
  await store
    .insertInto('vault_setting')
    .values({ name, value: make() })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const kept = await read();
  if (kept === undefined) throw new Error(`the setting ${name} of the vault cannot be kept`);
  return kept.value;
}

/** The domain shape of a row. */
export function toVaultEntry(row: ShownRow): VaultEntry {
  return {
    sha256: row.sha256,
    scriptId: row.script_id,
    name: row.name,
    kind: row.kind as VaultEntry['kind'],
    path: row.path,
    sizeBytes: row.size_bytes,
    storedBytes: row.stored_bytes,
    secrets: row.secret_count,
    collectedAt: new Date(row.collected_at).toISOString(),
    endpointId: row.endpoint_id,
    restores: row.restores,
    ...(row.restored_at === null ? {} : { restoredAt: new Date(row.restored_at).toISOString() }),
  };
}

function writeCursor({ collected_at, sha256 }: ShownRow): string {
  return Buffer.from(JSON.stringify([collected_at, sha256])).toString('base64url');
}

function readCursor(cursor: string): [number, string] {
  try {
    const [at, sha256] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (Number.isSafeInteger(at) && typeof sha256 === 'string') return [at as number, sha256];
  } catch {
    // Falls through: whatever is wrong with it, it is not ours.
  }
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}
