/** Topic of runs that have new rows. */
export const RUNS_CHANGED = 'runs.changed';

/** So many ids fit into one signal, and so many of one group are worth telling live. */
const IDS_A_BODY = 190;
const MAX_IDS = 570;

/** Runs that have new rows, and how many more have that are not named. */
export interface ChangedRuns {
  readonly ids: readonly string[];
  readonly more: number;
}

/** Bodies of the signals that name these runs; of very many the newest. */
export function changedRunsBodies(runIds: ReadonlySet<string>): string[] {
  // A UUIDv7 begins with its time.
  const newest = runIds.size <= MAX_IDS ? [...runIds] : [...runIds].sort().slice(-MAX_IDS);
  const bodies: string[] = [];
  for (let start = 0; start < newest.length; start += IDS_A_BODY) {
    const more = start === 0 ? runIds.size - newest.length : 0;
    bodies.push(JSON.stringify({ ids: newest.slice(start, start + IDS_A_BODY), more } satisfies ChangedRuns));
  }
  return bodies;
}

/** What a body names. */
export function readChangedRuns(body: string): ChangedRuns {
  return JSON.parse(body) as ChangedRuns;
}
