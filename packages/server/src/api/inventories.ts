import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { useEnrolmentToken } from '../store/enrolment-token.ts';
import {
  endpointOfHost,
  findInventory,
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
        const endpointId = caller ?? (await endpointOfHost(store, body.host.name));
        const isCurrent = await storeInventory(store, body, endpointId, nowMs);
        return {
          id: body.id,
          outcome: 'stored' as const,
          isCurrent,
          ...(endpointId === undefined ? {} : { endpointId }),
        };
      }),
    async listInventories({ query }) {
      const items = await listCurrentInventories(control, query.q);
      return { items, total: items.length };
    },
    listInventoryInterpreters: ({ query }) => listInventoryGroups(control, 'interpreter', query),
    listInventoryEnvironments: ({ query }) => listInventoryGroups(control, 'environment', query),
    listInventoryPackages: ({ query }) => listInventoryGroups(control, 'package', query),
    async listInventoryScripts({ params: { inventoryId }, query }) {
      if ((await findInventory(control, inventoryId)) === undefined)
        throw new SentinelError('not-found', 'There is no inventory with this id.');
      return listInventoryScripts(control, inventoryId, query);
    },
  };
}
