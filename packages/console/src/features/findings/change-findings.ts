import type { FindingChange } from '@sentinel/protocol';
import { client } from '../../api/client.ts';

/** Decides about findings; gives how many were changed. */
export async function changeFindings({
  ids,
  change,
}: {
  readonly ids: readonly string[];
  readonly change: FindingChange;
}): Promise<number> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    await client.updateFinding({ params: { findingId: only }, body: change });
    return 1;
  }
  const { changed } = await client.updateFindings({ body: { ids: [...ids], change } });
  return changed;
}
