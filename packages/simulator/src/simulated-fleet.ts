import { Agenda } from './agenda.ts';
import { type FleetCounts, Latencies, newFleetCounts } from './fleet-counts.ts';
import { holdChannel } from './hold-channel.ts';
import { leanFetch } from './lean-fetch.ts';
import type { FleetPlan } from './plan-fleet.ts';
import { SimulatedEndpoint } from './simulated-endpoint.ts';

/** How a fleet lives. */
export interface SimulatedFleetOptions {
  readonly baseUrl: string;
  /** Enrolment token with enough uses. */
  readonly token: string;
  readonly plan: FleetPlan;
  /** Whether each endpoint keeps a channel open, as real agents do. */
  readonly holdsChannels?: boolean;
  /** Whether scripts run; without, the fleet is idle. */
  readonly runsScripts?: boolean;
  readonly heartbeatMs?: number;
  /** Connections for requests; those of channels come on top. */
  readonly maxConnections?: number;
}

/** Time between two signs of life, as the real agent has it while its channel is closed and while it is open. */
const HEARTBEAT_MS = 15_000;
const HOUR_MS = 60 * 60 * 1000;

/** Thousands of endpoints in one process, in real time. */
export class SimulatedFleet {
  readonly counts: FleetCounts = newFleetCounts();
  /** From the end of a batch's rows to its acknowledgement. */
  readonly acknowledged = new Latencies();
  readonly #options: SimulatedFleetOptions;
  readonly #agenda = new Agenda();
  readonly #abort = new AbortController();
  readonly #fetch: ReturnType<typeof leanFetch>;
  readonly #endpoints: SimulatedEndpoint[];
  readonly #channels = new Set<() => void>();

  constructor(options: SimulatedFleetOptions) {
    this.#options = options;
    this.#fetch = leanFetch(options.maxConnections ?? 256);
    const link = {
      baseUrl: options.baseUrl,
      token: options.token,
      fetch: this.#fetch,
      counts: this.counts,
      acknowledged: this.acknowledged,
      wait: (ms: number) => this.#wait(ms),
      isStopping: () => this.#abort.signal.aborted,
    };
    this.#endpoints = options.plan.endpoints.map((plan) => new SimulatedEndpoint(plan, options.plan.seed, link));
  }

  /** Begins: endpoints enrol within the plan's spread, then beat, keep their channel and run scripts. */
  start(): void {
    for (const endpoint of this.#endpoints)
      this.#agenda.after(endpoint.plan.startDelayMs, () => void this.#live(endpoint).catch(() => undefined));
  }

  /** Enrols all as fast as so many at a time go. @returns how long it took. */
  async enrolAll(atOnce: number): Promise<number> {
    const started = performance.now();
    const waiting = [...this.#endpoints];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await next.enrol(this.#fetch);
      }),
    );
    return performance.now() - started;
  }

  /** Batches that wait and were made before a moment of `performance.now()`. */
  waitingSince(timeMs: number): number {
    return this.#endpoints.reduce((sum, endpoint) => sum + endpoint.waitingSince(timeMs), 0);
  }

  /** Ends; what waits is forgotten. */
  stop(): void {
    this.#abort.abort();
    this.#agenda.stop();
    for (const close of this.#channels) close();
    this.#fetch.close();
  }

  async #live(endpoint: SimulatedEndpoint): Promise<void> {
    if (endpoint.signer === undefined) await endpoint.enrol(this.#fetch);
    if (this.#abort.signal.aborted) return;
    const { heartbeatMs = HEARTBEAT_MS, holdsChannels = false, runsScripts = true } = this.#options;
    const beat = () => {
      void endpoint.beat();
      this.#agenda.after(heartbeatMs * (0.9 + 0.2 * endpoint.random.next()), beat);
    };
    this.#agenda.after(heartbeatMs * endpoint.random.next(), beat);
    if (runsScripts) this.#nextRun(endpoint);
    if (holdsChannels) this.#hold(endpoint);
  }

  #nextRun(endpoint: SimulatedEndpoint): void {
    const { runsPerHour } = endpoint.plan;
    if (runsPerHour <= 0) return;
    this.#agenda.after(endpoint.random.exponential(HOUR_MS / runsPerHour), () => {
      const { durationMs, end } = endpoint.startRun();
      this.#agenda.after(durationMs, end);
      this.#nextRun(endpoint);
    });
  }

  #hold(endpoint: SimulatedEndpoint): void {
    const { counts } = this;
    const { signer } = endpoint;
    if (signer === undefined) return;
    const close = holdChannel({
      baseUrl: this.#options.baseUrl,
      signer,
      onOpen: () => counts.channelsOpen++,
      onEvent: () => counts.channelEvents++,
      onEnd: (wasOpen) => {
        this.#channels.delete(close);
        if (wasOpen) counts.channelsOpen--;
        this.#agenda.after(1000 + 9000 * endpoint.random.next(), () => this.#hold(endpoint));
      },
    });
    this.#channels.add(close);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#abort.signal.aborted) return reject(new Error('the fleet stops'));
      this.#agenda.after(ms, resolve);
    });
  }
}
