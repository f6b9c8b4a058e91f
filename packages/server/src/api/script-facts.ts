import { randomBytes } from 'node:crypto';
import type { Services } from '../services.ts';
import { putVerdicts } from '../store/company.ts';
import type { ControlStore } from '../store/control-store.ts';
import { enqueueRuns } from '../store/judged-run.ts';
import { storeScriptFacts, unknownVersions } from '../store/script-facts.ts';
import { DAY_MS } from '../store/store-time.ts';
import { vaultSetting } from '../store/vault-version.ts';
import type { Handlers } from './handler.ts';

/** The same key as the vault's: a credential has one fingerprint wherever it is seen. */
const KEY = 'fingerprint-key';
/** Runs so young are judged again when facts of their script come. */
const AGAIN_MS = 2 * DAY_MS;
const MOST_RUNS = 500;

/** What endpoints' analysers say of scripts that ran. */
export function scriptFacts({ control, seal }: Services): Handlers<'askScriptFacts' | 'sendScriptFacts'> {
  return {
    async askScriptFacts({ body }) {
      const key = await vaultSetting(control, KEY, () =>
        seal.sealText(randomBytes(32).toString('base64'), `vault/${KEY}`),
      );
      return {
        wanted: await unknownVersions(control, body.sha256),
        fingerprintKey: seal.unsealText(key, `vault/${KEY}`),
      };
    },
    async sendScriptFacts({ body, endpointId }) {
      const nowMs = Date.now();
      for (const facts of body.facts) {
        await control.transaction().execute(async (transaction) => {
          await storeScriptFacts(transaction, facts, endpointId, nowMs);
          await putVerdicts(transaction, facts.analysis.verdicts, 'endpoints', nowMs);
          await judgeAgain(transaction, facts.sha256, nowMs);
        });
        // On PostgreSQL a run judged without them may have been written since: it is either seen here, or sees the facts.
        await judgeAgain(control, facts.sha256, nowMs);
      }
      return { stored: body.facts.length };
    },
  };
}

async function judgeAgain(store: ControlStore, sha256: string, nowMs: number): Promise<void> {
  const runs = await store
    .selectFrom('judged_run')
    .select('run_id')
    .where('sha256', '=', sha256)
    .where('started_at', '>=', nowMs - AGAIN_MS)
    .orderBy('started_at', 'desc')
    .limit(MOST_RUNS)
    .execute();
  await enqueueRuns(
    store,
    runs.map(({ run_id }) => run_id),
    nowMs,
    true,
  );
}
