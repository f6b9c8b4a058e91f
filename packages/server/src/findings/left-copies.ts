import type { ControlStore } from '../store/control-store.ts';
import { enqueueRuns } from '../store/judged-run.ts';
import { DAY_MS } from '../store/store-time.ts';

const MOST = 500;
const CHUNK = 200;
/** A copy is looked for so often. */
const AGAIN_MS = DAY_MS / 2;

/** Copies of labelled data on a computer that were made so long ago and not seen lately. */
export async function copiesToLookFor(
  store: ControlStore,
  endpointId: string,
  copyDays: number,
  nowMs: number,
): Promise<string[]> {
  const rows = await store
    .selectFrom('labelled_file')
    .select('path')
    .where('endpoint_id', '=', endpointId)
    .where('gone_at', 'is', null)
    .where('made_at', '<=', nowMs - copyDays * DAY_MS)
    .where('seen_at', '<', nowMs - AGAIN_MS)
    .orderBy('seen_at')
    .limit(MOST)
    .execute();
  return rows.map(({ path }) => path);
}

/** Keeps which copies are there and which are gone; runs whose copies became too old by that are judged again. Gives how many. */
export async function keepLook(
  store: ControlStore,
  endpointId: string,
  look: { readonly there: readonly string[]; readonly gone: readonly string[] },
  copyDays: number,
  nowMs: number,
): Promise<number> {
  const runIds = new Set<string>();
  const copies = (paths: readonly string[]) =>
    store
      .selectFrom('labelled_file')
      .select(['path', 'run_id', 'made_at', 'seen_at'])
      .where('endpoint_id', '=', endpointId)
      .where('gone_at', 'is', null)
      .where('path', 'in', [...paths])
      .execute();
  for (let start = 0; start < look.there.length; start += CHUNK) {
    const known = await copies(look.there.slice(start, start + CHUNK));
    for (const { run_id, made_at, seen_at } of known)
      if (seen_at - made_at < copyDays * DAY_MS && nowMs - made_at >= copyDays * DAY_MS) runIds.add(run_id);
    await mark(
      store,
      endpointId,
      known.map(({ path }) => path),
      { seen_at: nowMs },
    );
  }
  for (let start = 0; start < look.gone.length; start += CHUNK)
    await mark(store, endpointId, look.gone.slice(start, start + CHUNK), { gone_at: nowMs });
  await enqueueRuns(store, runIds, nowMs, true);
  return runIds.size;
}

async function mark(
  store: ControlStore,
  endpointId: string,
  paths: readonly string[],
  change: { seen_at: number } | { gone_at: number },
): Promise<void> {
  if (paths.length === 0) return;
  await store
    .updateTable('labelled_file')
    .set(change)
    .where('endpoint_id', '=', endpointId)
    .where('gone_at', 'is', null)
    .where('path', 'in', [...paths])
    .execute();
}
