import type { InventoryGroup, InventoryRow, InventoryScript, InventoryUpload, RiskBand } from '@sentinel/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ControlStore } from './control-store.ts';
import { inventoryItems } from './inventory-items.ts';
import { containsPattern } from './like-pattern.ts';
import type { Scope } from './scope.ts';

/** Row of an inventory. */
export interface InventoryTable {
  id: string;
  endpoint_id: string | null;
  /** Endpoint id where the endpoint itself sent it, else `upload:` and the host name in small letters. */
  host_key: string;
  /** Host of the upload as JSON. */
  host: string;
  product: string;
  started_at: number;
  received_at: number;
  duration_ms: number;
  /** ScanCoverage as JSON. */
  coverage: string;
  is_current: number;
}

/** Row of one thing that was found; kept of the newest inventory of a computer only. */
export interface InventoryItemTable {
  inventory_id: string;
  kind: ItemKind;
  place: number;
  /** Implementation, tool, distribution or path. */
  name: string;
  version: string | null;
  origin: string | null;
  score: number | null;
  verdict: string | null;
  detail: string;
  /** Of a script: its content, and its normalised syntax. */
  sha256: string | null;
  family_hash: string | null;
}

/** What things are kept of an inventory. */
export type ItemKind = 'interpreter' | 'environment' | 'package' | 'script' | 'schedule';

const CHUNK = 100;

/** Whether an inventory is known, and whether it is the newest of its computer. */
export async function findInventory(
  store: ControlStore,
  id: string,
): Promise<{ isCurrent: boolean; endpointId?: string } | undefined> {
  const row = await store
    .selectFrom('inventory')
    .select(['is_current', 'endpoint_id'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { isCurrent: row.is_current === 1, ...(row.endpoint_id === null ? {} : { endpointId: row.endpoint_id }) };
}

/** Stores an inventory; the things of older ones of the same computer go. Whether it is the newest. */
export async function storeInventory(
  store: ControlStore,
  upload: InventoryUpload,
  endpointId: string | undefined,
  nowMs: number,
): Promise<boolean> {
  const hostKey = endpointId ?? `upload:${upload.host.name.toLowerCase()}`;
  const startedAt = Date.parse(upload.startedAt);
  const newer = await store
    .selectFrom('inventory')
    .select('id')
    .where('host_key', '=', hostKey)
    .where('started_at', '>', startedAt)
    .executeTakeFirst();
  const isCurrent = newer === undefined;
  if (isCurrent) {
    const older = store.selectFrom('inventory').select('id').where('host_key', '=', hostKey);
    await store.deleteFrom('inventory_item').where('inventory_id', 'in', older).execute();
    await store.updateTable('inventory').set({ is_current: 0 }).where('host_key', '=', hostKey).execute();
  }
  await store
    .insertInto('inventory')
    .values({
      id: upload.id,
      endpoint_id: endpointId ?? null,
      host_key: hostKey,
      host: JSON.stringify(upload.host),
      product: upload.product,
      started_at: startedAt,
      received_at: nowMs,
      duration_ms: upload.durationMs,
      coverage: JSON.stringify({ ...upload.coverage, leftOut: [] }),
      is_current: isCurrent ? 1 : 0,
    })
    .execute();
  if (!isCurrent) return false;
  const items = inventoryItems(upload);
  for (let start = 0; start < items.length; start += CHUNK)
    await store
      .insertInto('inventory_item')
      .values(items.slice(start, start + CHUNK))
      .execute();
  return true;
}

/** The newest inventory of every computer, by name. */
export async function listCurrentInventories(
  store: ControlStore,
  q: string | undefined,
  scope: Scope,
): Promise<InventoryRow[]> {
  const rows = await inventoriesWithin(store, scope).selectAll().where('is_current', '=', 1).execute();
  const counts = await store
    .selectFrom('inventory_item')
    .select(({ fn, eb }) => [
      'inventory_id',
      'kind',
      fn.countAll<number>().as('count'),
      fn.count<number>(eb.case().when('score', '>=', 60).then(1).end()).as('high'),
    ])
    .groupBy(['inventory_id', 'kind'])
    .execute();
  const byInventory = Map.groupBy(counts, ({ inventory_id: id }) => id);
  return rows
    .map((row) => toInventoryRow(row, byInventory.get(row.id) ?? []))
    .filter(({ hostName }) => q === undefined || hostName.toLowerCase().includes(q.toLowerCase()))
    .sort((a, b) => (a.hostName < b.hostName ? -1 : 1));
}

/** The same things over all computers, the most frequent first. */
export async function listInventoryGroups(
  store: ControlStore,
  kind: ItemKind,
  { q, limit }: { q?: string | undefined; limit: number },
  scope: Scope,
): Promise<{ items: InventoryGroup[]; total: number }> {
  let groups = store
    .selectFrom('inventory_item')
    .select(({ fn }) => [
      'name',
      'version',
      'origin',
      fn.countAll<number>().as('count'),
      fn.count<number>('inventory_id').distinct().as('endpoints'),
      fn.max('verdict').as('verdict'),
    ])
    .where('kind', '=', kind)
    .groupBy(['name', 'version', 'origin']);
  if (!scope.isAll) groups = groups.where('inventory_id', 'in', inventoriesWithin(store, scope).select('id'));
  if (q !== undefined) groups = groups.where(nameContains(q));
  const { total } = await store
    .selectFrom(groups.as('groups'))
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await groups
    .orderBy('endpoints', 'desc')
    .orderBy('count', 'desc')
    .orderBy('name')
    .limit(limit)
    .execute();
  return {
    items: rows.map(({ name, version, origin, count, endpoints, verdict }) => ({
      name,
      ...(version === null ? {} : { version }),
      ...(origin === null ? {} : { kind: origin }),
      count,
      endpoints,
      ...(verdict === null ? {} : { verdict }),
    })),
    total,
  };
}

/** Scripts and notebooks of one inventory, the highest risk first. */
export async function listInventoryScripts(
  store: ControlStore,
  inventoryId: string,
  { q, limit, offset }: { q?: string | undefined; limit: number; offset: number },
): Promise<{ items: InventoryScript[]; total: number }> {
  let scripts = store.selectFrom('inventory_item').where('inventory_id', '=', inventoryId).where('kind', '=', 'script');
  if (q !== undefined) scripts = scripts.where(nameContains(q));
  const { total } = await scripts.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await scripts
    .select(['name', 'score', 'verdict', 'detail'])
    .orderBy(sql`coalesce(score, -1)`, 'desc')
    .orderBy('name')
    .limit(limit)
    .offset(offset)
    .execute();
  return {
    items: rows.map(({ name, score, verdict, detail }) => ({
      ...(JSON.parse(detail) as Pick<InventoryScript, 'role' | 'place' | 'modifiedAt'>),
      path: name,
      ...(score === null ? {} : { score }),
      ...(verdict === null ? {} : { band: verdict as RiskBand }),
    })),
    total,
  };
}

function toInventoryRow(
  row: InventoryTable,
  counts: readonly { readonly kind: ItemKind; readonly count: number; readonly high: number }[],
): InventoryRow {
  const host = JSON.parse(row.host) as InventoryUpload['host'];
  const countOf = (kind: ItemKind) => counts.find((one) => one.kind === kind)?.count ?? 0;
  return {
    id: row.id,
    ...(row.endpoint_id === null ? {} : { endpointId: row.endpoint_id }),
    hostName: host.name,
    os: `${host.os} ${host.osVersion}`,
    startedAt: new Date(row.started_at).toISOString(),
    receivedAt: new Date(row.received_at).toISOString(),
    isComplete: (JSON.parse(row.coverage) as { isComplete: boolean }).isComplete,
    interpreters: countOf('interpreter'),
    environments: countOf('environment'),
    packages: countOf('package'),
    scripts: countOf('script'),
    schedules: countOf('schedule'),
    highRisk: counts.find(({ kind }) => kind === 'script')?.high ?? 0,
  };
}

/** Inventories of a scope: a computer without an agent has no department, so only who sees everything sees it. */
export function inventoriesWithin(store: ControlStore, { isAll, endpointIds }: Scope) {
  const all = store.selectFrom('inventory');
  if (isAll) return all;
  return endpointIds.length === 0
    ? all.where((row) => row.lit(false))
    : all.where('endpoint_id', 'in', [...endpointIds]);
}

/** Whether an inventory lies within a scope. */
export async function isInventoryWithin(store: ControlStore, id: string, scope: Scope): Promise<boolean> {
  const row = await inventoriesWithin(store, scope).select('id').where('id', '=', id).executeTakeFirst();
  return row !== undefined;
}

function nameContains(q: string): RawBuilder<SqlBool> {
  return sql`lower(name) like ${containsPattern(q.toLowerCase())} escape '\\'`;
}
