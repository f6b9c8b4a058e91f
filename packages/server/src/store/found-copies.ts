import type { InventoryUpload } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';
import { inventoriesWithin } from './inventory.ts';
import type { Scope } from './scope.ts';

/** A copy of a script that a scan found. */
export interface FoundCopy {
  readonly inventoryId: string;
  readonly endpointId?: string;
  readonly hostName: string;
  readonly path: string;
  readonly owner?: string;
  readonly modifiedAt: string;
}

const MOST = 500;

/**
 * Copies of a family in the newest inventories: the same content as a version that ran, or the same normalised syntax. Those at
 * places where somebody was seen to run it are left out.
 */
export async function foundCopies(
  store: ControlStore,
  familyId: string,
  ran: readonly { readonly path: string; readonly host_name: string; readonly sha256: string | null }[],
  scope: Scope,
): Promise<FoundCopy[]> {
  const contents = [...new Set(ran.flatMap(({ sha256 }) => sha256 ?? []))].slice(0, MOST);
  const rows = await inventoriesWithin(store, scope)
    .innerJoin('inventory_item', 'inventory_item.inventory_id', 'inventory.id')
    .select([
      'inventory.id',
      'inventory.endpoint_id',
      'inventory.host',
      'inventory_item.name as path',
      'inventory_item.detail',
    ])
    .where('inventory.is_current', '=', 1)
    .where('inventory_item.kind', '=', 'script')
    .where((row) =>
      row.or([
        row(
          'inventory_item.family_hash',
          'in',
          store.selectFrom('family_syntax').select('hash').where('family_id', '=', familyId),
        ),
        ...(contents.length === 0 ? [] : [row('inventory_item.sha256', 'in', contents)]),
      ]),
    )
    .orderBy('inventory.id')
    .orderBy('inventory_item.place')
    .limit(MOST)
    .execute();
  const places = new Set(ran.map(({ host_name, path }) => placeOf(host_name, path)));
  return rows.flatMap(({ id, endpoint_id, host, path, detail }) => {
    const { name: hostName } = JSON.parse(host) as InventoryUpload['host'];
    if (places.has(placeOf(hostName, path))) return [];
    const { owner, modifiedAt } = JSON.parse(detail) as { owner?: string; modifiedAt: string };
    return {
      inventoryId: id,
      ...(endpoint_id === null ? {} : { endpointId: endpoint_id }),
      hostName,
      path,
      ...(owner === undefined ? {} : { owner }),
      modifiedAt,
    };
  });
}

function placeOf(hostName: string, path: string): string {
  return `${hostName.toLowerCase()}\0${path}`;
}
