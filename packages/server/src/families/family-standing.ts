import type { Run } from '@sentinel/protocol';
import { CompanyView } from '../findings/company-view.ts';
import type { ControlStore } from '../store/control-store.ts';
import type { FamilyTable } from '../store/family.ts';
import type { StandingOf } from '../store/family-list.ts';

/** What the company's rules say of families, by their latest copy. */
export async function readStandings(store: ControlStore): Promise<StandingOf> {
  const [view, copies] = await Promise.all([
    CompanyView.read(store),
    store
      .selectFrom('family_copy')
      .select(['family_id', 'endpoint_id', 'user_name', 'host_name', 'path'])
      .orderBy('last_seen_at')
      .execute(),
  ]);
  // In the order of time: the latest stays.
  const latest = new Map(copies.map((copy) => [copy.family_id, copy]));
  return (family: FamilyTable) => {
    const copy = latest.get(family.id);
    if (copy === undefined) return { owner: undefined, sanction: undefined, departmentId: null };
    return view.standingOf({
      endpointId: copy.endpoint_id,
      hostName: copy.host_name,
      user: { name: copy.user_name },
      script: copy.path === '' ? {} : { path: copy.path },
    } as Run & { endpointId: string });
  };
}
