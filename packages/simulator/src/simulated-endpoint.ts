import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Client, createClient, enrolAgent, RequestSigner, signedFetch } from '@sentinel/client';
import { type AgentCounters, BatchAcknowledgement, operations, PROTOCOL_VERSION } from '@sentinel/protocol';
import type { FleetCounts, Latencies } from './fleet-counts.ts';
import { beginningOf, type MadeRun, makeRun } from './make-run.ts';
import type { PlannedEndpoint, PlannedScript } from './plan-fleet.ts';
import { SeededRandom } from './seeded-random.ts';

const compress = promisify(gzip);
/** Waiting times between attempts, as the real agent has them. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;
/** Statuses after which the same batch may go through. */
const PASSING = new Set([0, 401, 403, 408, 425, 429]);

/** What all endpoints of a fleet share. */
export interface FleetLink {
  readonly baseUrl: string;
  readonly token: string;
  readonly fetch: typeof fetch;
  readonly counts: FleetCounts;
  readonly acknowledged: Latencies;
  /** Waits; rejects once the fleet stops. */
  readonly wait: (ms: number) => Promise<void>;
  readonly isStopping: () => boolean;
}

interface EnrolledEndpoint {
  readonly signer: RequestSigner;
  readonly fetch: typeof fetch;
  readonly client: Client;
}

/** Which run a batch tells of: a batch that waits is nothing more than this. */
interface WaitingBatch {
  readonly sequence: number;
  readonly order: { readonly script: PlannedScript; readonly startedAtMs: number; readonly salt: string };
  /** The run goes on: only its beginning is told. */
  readonly isBeginning: boolean;
  readonly madeAtMs: number;
}

/** One endpoint: who it is, what it still has to ship. */
export class SimulatedEndpoint {
  readonly plan: PlannedEndpoint;
  readonly random: SeededRandom;
  readonly #link: FleetLink;
  readonly #spoolId: string;
  readonly #waiting: WaitingBatch[] = [];
  #agent: EnrolledEndpoint | undefined;
  #sequence = 0;
  #runs = 0;
  #shipped = 0;
  #isShipping = false;
  #failures = 0;

  constructor(plan: PlannedEndpoint, seed: string, link: FleetLink) {
    this.plan = plan;
    this.random = new SeededRandom(`life ${seed} ${plan.index} ${Date.now()}`);
    this.#link = link;
    this.#spoolId = this.random.uuidV7(Date.now());
  }

  /** What signs its requests, once it has enrolled. */
  get signer(): RequestSigner | undefined {
    return this.#agent?.signer;
  }

  /** Batches that wait and were made before a moment of `performance.now()`. */
  waitingSince(timeMs: number): number {
    return this.#waiting.filter(({ madeAtMs }) => madeAtMs < timeMs).length;
  }

  /** Enrols, however often it takes. */
  async enrol(send: typeof fetch): Promise<void> {
    const { baseUrl, token, counts, wait, isStopping } = this.#link;
    while (!isStopping()) {
      try {
        const { endpointId, key } = await enrolAgent({ baseUrl, token, endpoint: this.plan.facts, fetch: send });
        const bootId = this.random.uuidV7(Date.now());
        const signer = new RequestSigner({ endpointId, privateKey: key.privateKey, bootId });
        const signed = signedFetch(signer, send);
        this.#agent = { signer, fetch: signed, client: createClient({ baseUrl, fetch: signed }) };
        counts.enrolled++;
        return;
      } catch {
        counts.enrolmentsFailed++;
        await wait(this.#backOff());
      }
    }
  }

  /** Says that it lives. */
  async beat(): Promise<void> {
    const { counts } = this.#link;
    if (this.#agent === undefined) return;
    try {
      await this.#agent.client.sendHeartbeat({
        body: {
          endpoint: this.plan.facts,
          counters: this.#counters(),
          sentAt: new Date(Date.now() + this.plan.clockSkewMs).toISOString(),
        },
      });
      counts.heartbeats++;
    } catch {
      counts.heartbeatsFailed++;
    }
  }

  /** A script starts. @returns how long it takes, and what to do at its end. */
  startRun(): { readonly durationMs: number; readonly end: () => void } {
    const order = {
      script: this.random.pick(this.plan.scripts, 1.4),
      startedAtMs: Date.now(),
      salt: String(this.#runs++),
    };
    this.#link.counts.runs++;
    const { template } = order.script;
    const { durationMs } = makeRun({ endpoint: this.plan, ...order }).run;
    // Of what is over at once only the end is told, as the real agent does.
    if (template.durationMs > 500) this.#add(order, true);
    return { durationMs: durationMs ?? template.durationMs, end: () => this.#add(order, false) };
  }

  #add(order: WaitingBatch['order'], isBeginning: boolean): void {
    this.#waiting.push({ sequence: ++this.#sequence, order, isBeginning, madeAtMs: performance.now() });
    this.#link.counts.batchesWaiting++;
    void this.#ship();
  }

  /** Ships what waits, oldest first, one at a time. */
  async #ship(): Promise<void> {
    if (this.#isShipping) return;
    this.#isShipping = true;
    const { counts, acknowledged, wait, isStopping } = this.#link;
    try {
      for (let batch = this.#waiting[0]; batch !== undefined && !isStopping(); batch = this.#waiting[0]) {
        if (this.#agent === undefined) {
          await wait(250);
          continue;
        }
        if (this.plan.linkDelayMs > 0) await wait(this.plan.linkDelayMs);
        const status = await this.#send(batch);
        if (status === 200) {
          this.#failures = 0;
          this.#shipped++;
          acknowledged.add(performance.now() - batch.madeAtMs);
        } else if (PASSING.has(status) || status >= 500) {
          counts.batchesRetried++;
          await wait(this.#backOff());
          continue;
        } else counts.batchesRefused++;
        this.#waiting.shift();
        counts.batchesWaiting--;
      }
    } catch {
      // The fleet stops: what waits is gone with it.
    } finally {
      this.#isShipping = false;
    }
  }

  /** @returns the status, 0 where nobody answered, 200 only for an acknowledgement of this very batch. */
  async #send({ sequence, order, isBeginning }: WaitingBatch): Promise<number> {
    const { baseUrl, counts } = this.#link;
    const whole = makeRun({ endpoint: this.plan, ...order });
    const rows = isBeginning ? beginningOf(whole) : whole;
    try {
      const response = await (this.#agent as EnrolledEndpoint).fetch(`${baseUrl}/api/v1${operations.sendBatch.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', accept: 'application/json' },
        body: new Uint8Array(await batchBody(this.#spoolId, sequence, [rows])),
      });
      const text = await response.text();
      if (!response.ok) return response.status;
      const parsed = BatchAcknowledgement.parse(JSON.parse(text));
      if (parsed.sequence !== sequence) return 0;
      if (parsed.status === 'duplicate') counts.batchesDuplicate++;
      else {
        counts.batchesStored++;
        counts.rowsStored += parsed.rowsStored;
      }
      return 200;
    } catch {
      return 0;
    }
  }

  #counters(): AgentCounters {
    return {
      runsSeen: this.#runs,
      runsOpen: 0,
      recordsMalformed: 0,
      activitiesDropped: 0,
      batchesSpooled: this.#sequence,
      batchesShipped: this.#shipped,
      batchesQuarantined: 0,
      spoolBatches: this.#waiting.length,
      spoolBytes: this.#waiting.length * 2000,
    };
  }

  #backOff(): number {
    const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures++, 10));
    return ceiling * (0.1 + 0.9 * this.random.next());
  }
}

/** Body of a batch, compressed. */
export async function batchBody(spoolId: string, sequence: number, made: readonly MadeRun[]): Promise<Buffer> {
  const batch = {
    protocolVersion: PROTOCOL_VERSION,
    spoolId,
    sequence,
    createdAt: new Date().toISOString(),
    runs: made.map(({ run }) => run),
    activities: made.flatMap(({ activities }) => activities),
  };
  return compress(JSON.stringify(batch), { level: 1 });
}
