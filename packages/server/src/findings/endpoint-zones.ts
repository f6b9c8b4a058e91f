import type { EndpointFacts, StoredRun } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';

const CHUNK = 1_000;
/** What a computer is set to that nobody set: it says nothing about where people sit. */
const UNSET = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Etc/Unknown', 'Universal', 'Zulu']);

/** Time zones of the computers that runs were on, where these told one that says something. */
export async function zonesOf(store: ControlStore, runs: readonly StoredRun[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(runs.map(({ endpointId }) => endpointId))];
  const zones = new Map<string, string>();
  for (let start = 0; start < ids.length; start += CHUNK) {
    const rows = await store
      .selectFrom('endpoint')
      .select(['id', 'facts'])
      .where('id', 'in', ids.slice(start, start + CHUNK))
      .execute();
    for (const { id, facts } of rows) {
      const { timeZone } = JSON.parse(facts) as EndpointFacts;
      if (timeZone !== undefined && !UNSET.has(timeZone) && isTimeZone(timeZone)) zones.set(id, timeZone);
    }
  }
  return zones;
}

/** An agent's word is no time zone until this engine knows it. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
