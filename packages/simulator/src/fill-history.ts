import { enrolAgent } from '@sentinel/client';
import { operations } from '@sentinel/protocol';
import { type FleetCounts, newFleetCounts } from './fleet-counts.ts';
import { leanFetch } from './lean-fetch.ts';
import { type MadeRun, makeRun } from './make-run.ts';
import type { FleetPlan, PlannedEndpoint } from './plan-fleet.ts';
import { SeededRandom } from './seeded-random.ts';
import { batchBody } from './simulated-endpoint.ts';

/** Which days to fill. */
export interface HistoryOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly plan: FleetPlan;
  readonly days: number;
  /** Endpoints that send at a time. */
  readonly atOnce?: number;
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (counts: FleetCounts) => void;
}

/** Rows of one batch: large ones are what makes the store fast. */
const BATCH_ROWS = 1_500;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const TRIES = 20;

/** Runs of one endpoint over days that are over, oldest first: more by day than by night, few at weekends. */
export function* historyOf(
  endpoint: PlannedEndpoint,
  seed: string,
  days: number,
  nowMs: number,
): Generator<MadeRun, undefined> {
  const random = new SeededRandom(`history ${seed} ${endpoint.index}`);
  const busiest = endpoint.runsPerHour * 3;
  // From a midnight on, so that the same day and seed give the same runs.
  let at = Math.floor((nowMs - days * DAY_MS) / DAY_MS) * DAY_MS;
  for (let number = 0; ; number++) {
    at += random.exponential(HOUR_MS / Math.max(0.001, busiest));
    if (at >= nowMs - 60_000) return undefined;
    const time = new Date(at);
    const isDay = time.getUTCHours() >= 7 && time.getUTCHours() < 18;
    const isWeekend = time.getUTCDay() % 6 === 0;
    if (random.next() > (isDay ? 0.6 : 0.12) * (isWeekend ? 0.15 : 1)) continue;
    yield makeRun({
      endpoint,
      script: random.pick(endpoint.scripts, 1.4),
      startedAtMs: Math.floor(at),
      salt: `h${number}`,
    });
  }
}

/** Fills a server with the past of a fleet through its ingest, as fast as it acknowledges. */
export async function fillHistory(options: HistoryOptions): Promise<FleetCounts> {
  const { baseUrl, token, plan, days, atOnce = 8, nowMs = Date.now(), signal, onProgress } = options;
  const counts = newFleetCounts();
  const send = leanFetch(atOnce * 2);
  const waiting = [...plan.endpoints];
  try {
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let endpoint = waiting.pop(); endpoint !== undefined; endpoint = waiting.pop()) {
          signal?.throwIfAborted();
          await fillOne(endpoint);
          onProgress?.(counts);
        }
      }),
    );
    return counts;
  } finally {
    send.close();
  }

  async function fillOne(endpoint: PlannedEndpoint): Promise<void> {
    const agent = await enrolAgent({ baseUrl, token, endpoint: endpoint.facts, fetch: send });
    counts.enrolled++;
    const spoolId = new SeededRandom(`spool ${plan.seed} ${endpoint.index} ${nowMs}`).uuidV7(nowMs);
    let sequence = 0;
    let portion: MadeRun[] = [];
    let rows = 0;
    const ship = async () => {
      if (portion.length === 0) return;
      const body = new Uint8Array(await batchBody(spoolId, ++sequence, portion));
      for (let attempt = 1; ; attempt++) {
        signal?.throwIfAborted();
        const response = await agent.fetch(`${baseUrl}/api/v1${operations.sendBatch.path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', accept: 'application/json' },
          body,
        });
        const text = await response.text();
        if (response.ok) break;
        if (attempt === TRIES || (response.status < 500 && response.status !== 429))
          throw new Error(`the server refused a batch: ${response.status} ${text.slice(0, 300)}`);
        counts.batchesRetried++;
        await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
      }
      counts.batchesStored++;
      counts.rowsStored += rows;
      portion = [];
      rows = 0;
    };
    for (const made of historyOf(endpoint, plan.seed, days, nowMs)) {
      portion.push(made);
      rows += 1 + made.activities.length;
      counts.runs++;
      if (rows >= BATCH_ROWS) await ship();
    }
    await ship();
  }
}
