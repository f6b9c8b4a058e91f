import type { InventoryUpload, LeaverSchedule } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** Whose schedules to look for: those that start one of these files, or run under one of these accounts. */
export interface ScheduleQuery {
  readonly paths?: readonly string[];
  /** In small letters, without their domain. */
  readonly accounts?: readonly string[];
}

/** Settings that hold the schedules of a company's documents. */
const KNOWN = 'known-schedules:';

/** Keeps the schedules of a company's document in place of those that it named before. */
export async function putKnownSchedules(
  store: ControlStore,
  source: string,
  schedules: readonly LeaverSchedule[],
): Promise<void> {
  const value = JSON.stringify(schedules);
  await store
    .insertInto('vault_setting')
    .values({ name: `${KNOWN}${source}`, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Schedules that start Python: those that documents of the company name, and those of the newest inventory of every computer. */
export async function listSchedulesOf(
  store: ControlStore,
  { paths = [], accounts = [] }: ScheduleQuery,
): Promise<LeaverSchedule[]> {
  const rows = await store
    .selectFrom('inventory_item')
    .innerJoin('inventory', 'inventory.id', 'inventory_item.inventory_id')
    .select(['inventory_item.name', 'inventory_item.origin', 'inventory_item.detail', 'inventory.host'])
    .where('inventory.is_current', '=', 1)
    .where('inventory_item.kind', '=', 'schedule')
    .orderBy('inventory_item.inventory_id')
    .orderBy('inventory_item.place')
    .execute();
  const known = await store.selectFrom('vault_setting').select('value').where('name', 'like', `${KNOWN}%`).execute();
  const ofPath = new Set(paths);
  const ofAccount = new Set(accounts);
  return [
    ...rows.map(({ name, origin, detail, host }): LeaverSchedule => {
      const { source, when, user } = JSON.parse(detail) as { source: string; when: string; user?: string };
      return {
        hostName: (JSON.parse(host) as InventoryUpload['host']).name,
        kind: origin ?? 'schedule',
        when,
        source,
        ...(user === undefined ? {} : { user }),
        script: name,
      };
    }),
    ...known.flatMap(({ value }) => JSON.parse(value) as LeaverSchedule[]),
  ].filter(({ script, user }) => ofPath.has(script) || (user !== undefined && ofAccount.has(accountOf(user))));
}

/** Name of an account without its domain, in small letters. */
export function accountOf(userName: string): string {
  return (userName.split('\\').at(-1) ?? userName).split('@')[0]?.toLowerCase() ?? '';
}
