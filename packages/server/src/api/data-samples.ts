import { matchesGlob } from '@sentinel/detector';
import type { Services } from '../services.ts';
import { type Company, readCompany } from '../store/company.ts';
import type { ControlStore } from '../store/control-store.ts';
import { enqueueRuns } from '../store/judged-run.ts';
import { keepSample, sampledSince } from '../store/sampled-file.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { Handlers } from './handler.ts';

/** A file is looked into again when so much time has gone. */
const AGAIN_MS = DAY_MS;

/** Data files that endpoints may look into, and what they found there. */
export function dataSamples({ control }: Services): Handlers<'askDataSamples' | 'sendDataSamples'> {
  return {
    async askDataSamples({ body, endpointId }) {
      const company = await readCompany(control);
      const open = [...new Set(body.paths)].filter((path) => mayBeSampled(company, path));
      if (open.length === 0) return { wanted: [] };
      const known = await sampledSince(control, endpointId, open, Date.now() - AGAIN_MS);
      return { wanted: open.filter((path) => !known.has(path)) };
    },
    async sendDataSamples({ body, endpointId }) {
      const nowMs = Date.now();
      const company = await readCompany(control);
      // The company may have taken its word back meanwhile.
      const files = body.files.filter(({ path }) => mayBeSampled(company, path));
      const runIds = files.flatMap((file) => file.runIds);
      await control.transaction().execute(async (transaction) => {
        for (const file of files) await keepSample(transaction, endpointId, file, nowMs);
        await judgeAgain(transaction, endpointId, runIds, nowMs);
      });
      // On PostgreSQL a run judged without them may have been written since.
      await judgeAgain(control, endpointId, runIds, nowMs);
      return { labelled: files.length };
    },
  };
}

/** Whether the company lets agents look into a file, and has not said already what it holds. */
function mayBeSampled({ settings, places }: Company, path: string): boolean {
  return (
    settings.sampling.files.some((glob) => matchesGlob(path, glob)) &&
    !places.some(({ kind, match }) => kind === 'path' && matchesGlob(path, match))
  );
}

async function judgeAgain(
  store: ControlStore,
  endpointId: string,
  runIds: readonly string[],
  nowMs: number,
): Promise<void> {
  if (runIds.length === 0) return;
  const own = await store
    .selectFrom('judged_run')
    .select('run_id')
    .where('endpoint_id', '=', endpointId)
    .where('run_id', 'in', [...new Set(runIds)])
    .execute();
  await enqueueRuns(
    store,
    own.map(({ run_id }) => run_id),
    nowMs,
    true,
  );
}
