import type { SampledFile } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** Row of a data file that an agent looked into. */
export interface SampledFileTable {
  endpoint_id: string;
  path: string;
  /** Kinds that it surely holds, as JSON; empty where there are none. */
  labels: string;
  /** What was found, as JSON. */
  kinds: string;
  size_bytes: number;
  sampled_at: number;
}

const CHUNK = 400;
/** Fewer values of a kind may be chance, or one person's own. */
const LEAST_VALUES = 3;
/** Names of columns alone say something when several do. */
const LEAST_NAMED = 2;

/** Kinds that a sample surely holds: several values, or several columns that are called so. */
export function surelyHeld(kinds: SampledFile['kinds']): string[] {
  const named = kinds.filter(({ ground }) => ground !== 'content').length;
  return kinds
    .filter(({ count, ground }) => count >= LEAST_VALUES || (ground !== 'content' && named >= LEAST_NAMED))
    .map(({ kind }) => kind)
    .sort();
}

/** Those of the files that were looked into since then. */
export async function sampledSince(
  store: ControlStore,
  endpointId: string,
  paths: readonly string[],
  sinceMs: number,
): Promise<ReadonlySet<string>> {
  const rows = await store
    .selectFrom('sampled_file')
    .select('path')
    .where('endpoint_id', '=', endpointId)
    .where('path', 'in', [...paths])
    .where('sampled_at', '>=', sinceMs)
    .execute();
  return new Set(rows.map(({ path }) => path));
}

/** Keeps what was found; what a later look finds replaces it. */
export async function keepSample(
  store: ControlStore,
  endpointId: string,
  { path, sizeBytes, kinds }: SampledFile,
  nowMs: number,
): Promise<void> {
  const row = {
    labels: JSON.stringify(surelyHeld(kinds)),
    kinds: JSON.stringify(kinds),
    size_bytes: sizeBytes,
    sampled_at: nowMs,
  };
  await store
    .insertInto('sampled_file')
    .values({ endpoint_id: endpointId, path, ...row })
    .onConflict((conflict) => conflict.columns(['endpoint_id', 'path']).doUpdateSet(row))
    .execute();
}

/** Labels that samples gave to files of a computer. */
export async function sampledLabelsOf(
  store: ControlStore,
  endpointId: string,
  paths: readonly string[],
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (let start = 0; start < paths.length; start += CHUNK) {
    const rows = await store
      .selectFrom('sampled_file')
      .select(['path', 'labels'])
      .where('endpoint_id', '=', endpointId)
      .where('path', 'in', paths.slice(start, start + CHUNK))
      .where('labels', '!=', '[]')
      .execute();
    for (const { path, labels } of rows) found[path] = JSON.parse(labels) as string[];
  }
  return found;
}
