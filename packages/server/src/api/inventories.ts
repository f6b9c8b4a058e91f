import { PackageVerdict, SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { putVerdicts } from '../store/company.ts';
import { useEnrolmentToken } from '../store/enrolment-token.ts';
import {
  findInventory,
  isInventoryWithin,
  listCurrentInventories,
  listInventoryGroups,
  listInventoryScripts,
  storeInventory,
} from '../store/inventory.ts';
import type { Handlers } from './handler.ts';

type InventoryOperation =
  | 'uploadInventory'
  | 'listInventories'
  | 'listInventoryInterpreters'
  | 'listInventoryEnvironments'
  | 'listInventoryPackages'
  | 'listInventoryScripts';

/** What is on computers, those without an agent included. */
export function inventories({ control }: Services): Handlers<InventoryOperation> {
  return {
    uploadInventory: ({ endpointId: caller, enrolmentToken, body }) =>
      control.transaction().execute(async (store) => {
        const known = await findInventory(store, body.id);
        if (known !== undefined) return { id: body.id, outcome: 'duplicate' as const, ...known };
        const nowMs = Date.now();
        if (enrolmentToken !== undefined && !(await useEnrolmentToken(store, enrolmentToken, nowMs)))
          throw new SentinelError('enrolment-refused', 'The token was used up meanwhile.');
        // A token says that somebody may upload, not on which computer: what it brings never stands in an endpoint's place.
        const isCurrent = await storeInventory(store, body, caller, nowMs);
        // What an endpoint's own advisories say of a version holds wherever that version is imported.
        if (caller !== undefined)
          await putVerdicts(
            store,
            body.packageVerdicts.map((verdict) => PackageVerdict.parse(verdict)),
            'endpoints',
            nowMs,
          );
        return {
          id: body.id,
          outcome: 'stored' as const,
          isCurrent,
          ...(caller === undefined ? {} : { endpointId: caller }),
        };
      }),
    async listInventories({ query, person }) {
      const items = await listCurrentInventories(control, query.q, person.scope);
      return { items, total: items.length };
    },
    listInventoryInterpreters: ({ query, person }) => listInventoryGroups(control, 'interpreter', query, person.scope),
    listInventoryEnvironments: ({ query, person }) => listInventoryGroups(control, 'environment', query, person.scope),
    listInventoryPackages: ({ query, person }) => listInventoryGroups(control, 'package', query, person.scope),
    async listInventoryScripts({ params: { inventoryId }, query, person }) {
      if (!(await isInventoryWithin(control, inventoryId, person.scope)))
        throw new SentinelError('not-found', 'There is no inventory with this id.');
      return listInventoryScripts(control, inventoryId, query);
    },
  };
}
