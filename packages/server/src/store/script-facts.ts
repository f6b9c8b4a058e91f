import { ScriptFacts } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** Row of what analysis says of one version of a script. */
export interface ScriptFactsTable {
  sha256: string;
  family_id: string | null;
  /** ScriptFacts as JSON. */
  facts: string;
  risk_score: number | null;
  endpoint_id: string;
  received_at: number;
}

/** Facts of versions, by their hash. */
export async function findScriptFacts(
  store: ControlStore,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, ScriptFacts>> {
  if (hashes.length === 0) return new Map();
  const rows = await store
    .selectFrom('script_facts')
    .select(['sha256', 'facts'])
    .where('sha256', 'in', [...new Set(hashes)])
    .execute();
  return new Map(rows.map(({ sha256, facts }) => [sha256, ScriptFacts.parse(JSON.parse(facts))]));
}

/** Hashes of these of which nothing is known. */
export async function unknownVersions(store: ControlStore, hashes: readonly string[]): Promise<string[]> {
  const rows = await store.selectFrom('script_facts').select('sha256').where('sha256', 'in', hashes).execute();
  const known = new Set(rows.map(({ sha256 }) => sha256));
  return [...new Set(hashes)].filter((sha256) => !known.has(sha256));
}

/** Keeps facts; newer ones of the same version replace the older. */
export async function storeScriptFacts(
  store: ControlStore,
  facts: ScriptFacts,
  endpointId: string,
  nowMs: number,
): Promise<void> {
  const secrets = facts.analysis.secrets.map((secret) => ({ ...secret, preview: '' }));
  const row = {
    facts: JSON.stringify({ ...facts, analysis: { ...facts.analysis, secrets } }),
    risk_score: facts.risk.score,
    endpoint_id: endpointId,
    received_at: nowMs,
  };
  await store
    .insertInto('script_facts')
    .values({ sha256: facts.sha256, family_id: null, ...row })
    .onConflict((conflict) => conflict.column('sha256').doUpdateSet(row))
    .execute();
}
