import type { DataTouch } from '@sentinel/detector';
import type { Activity, StoredRun } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from '../store/control-store.ts';
import { DAY_MS } from '../store/store-time.ts';

const CHUNK = 400;

/** What a judged run did with data. */
export interface RunTouches {
  readonly run: StoredRun;
  readonly activities: readonly Activity[];
  readonly familyId: string;
  readonly departmentId: string | null;
  readonly touched: readonly DataTouch[];
  readonly fileLabels: Readonly<Record<string, readonly string[]>>;
  readonly nowMs: number;
}

/** Labels that files got from earlier runs of the same computer. */
export async function labelsOfPaths(
  store: ControlStore,
  endpointId: string,
  paths: readonly string[],
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (let start = 0; start < paths.length; start += CHUNK) {
    const rows = await store
      .selectFrom('labelled_file')
      .select(['path', 'labels'])
      .where('endpoint_id', '=', endpointId)
      .where('path', 'in', paths.slice(start, start + CHUNK))
      .execute();
    for (const { path, labels } of rows) found[path] = JSON.parse(labels) as string[];
  }
  return found;
}

/** Labelled files that this run or earlier ones of a family left, were seen again later, and are not known to be gone. */
export async function leftFilesOf(
  store: ControlStore,
  endpointId: string,
  familyId: string,
  run: { readonly id: string; readonly startedAt: string },
): Promise<{ path: string; ageDays: number; labels: string[] }[]> {
  const rows = await store
    .selectFrom('labelled_file')
    .select(['path', 'labels', 'made_at', 'seen_at'])
    .where('endpoint_id', '=', endpointId)
    .where('family_id', '=', familyId)
    .where('gone_at', 'is', null)
    .where((row) => row.or([row('made_at', '<', Date.parse(run.startedAt)), row('run_id', '=', run.id)]))
    .limit(1000)
    .execute();
  return rows
    .filter(({ made_at, seen_at }) => seen_at > made_at)
    .map(({ path, labels, made_at, seen_at }) => ({
      path,
      ageDays: Math.floor((seen_at - made_at) / DAY_MS),
      labels: JSON.parse(labels) as string[],
    }));
}

/** Keeps which data a run touched, and which files it labelled, saw again or removed. */
export async function keepTouches(store: ControlStore, touches: RunTouches): Promise<void> {
  const { run, familyId, departmentId, touched } = touches;
  const at = Date.parse(run.endedAt ?? run.startedAt);
  await store.deleteFrom('run_touch').where('run_id', '=', run.id).execute();
  if (touched.length > 0) {
    await store
      .insertInto('run_touch')
      .values(
        touched.map(({ direction, kind, name, labels, rows, bytes }, place) => ({
          run_id: run.id,
          place,
          family_id: familyId,
          endpoint_id: run.endpointId,
          department_id: departmentId,
          direction,
          kind,
          name,
          labels: JSON.stringify(labels),
          row_count: rows,
          bytes,
          at,
        })),
      )
      .execute();
  }
  await keepFiles(store, touches, at);
}

async function keepFiles(
  store: ControlStore,
  { run, activities, familyId, fileLabels, nowMs }: RunTouches,
  at: number,
): Promise<void> {
  for (const [path, labels] of Object.entries(fileLabels)) {
    const size = activities.find(({ type, attributes }) => type === 'file.open' && attributes['file.path'] === path);
    const row = {
      labels: JSON.stringify(labels),
      family_id: familyId,
      run_id: run.id,
      bytes: size === undefined ? 0 : Math.max(size.bytesOut, Number(size.attributes['file.size'] ?? 0)),
      seen_at: at,
      gone_at: null,
    };
    await store
      .insertInto('labelled_file')
      .values({ endpoint_id: run.endpointId, path, made_at: at, ...row })
      .onConflict((conflict) =>
        conflict.columns(['endpoint_id', 'path']).doUpdateSet({
          ...row,
          // Judged once more, an old run says nothing of what was seen after it.
          seen_at: sql`case when labelled_file.seen_at > ${at} then labelled_file.seen_at else ${at} end`,
          gone_at: sql`case when labelled_file.gone_at > ${at} then labelled_file.gone_at end`,
        }),
      )
      .execute();
  }
  const own = new Set(Object.keys(fileLabels));
  const read = new Set<string>();
  const removed = new Set<string>();
  for (const { type, attributes } of activities) {
    const path = attributes['file.path'];
    if (typeof path !== 'string' || own.has(path)) continue;
    if (type === 'file.open') read.add(path);
    const operation = attributes['sentinel.file.operation'];
    if (type === 'file.change' && (operation === 'delete' || operation === 'rename')) removed.add(path);
  }
  const mark = async (paths: ReadonlySet<string>, change: { seen_at: number } | { gone_at: number }) => {
    const all = [...paths];
    for (let start = 0; start < all.length; start += CHUNK)
      await store
        .updateTable('labelled_file')
        .set(change)
        .where('endpoint_id', '=', run.endpointId)
        .where('path', 'in', all.slice(start, start + CHUNK))
        .execute();
  };
  await mark(read, { seen_at: Math.min(at, nowMs) });
  await mark(removed, { gone_at: at });
}
