import { type CompiledPolicy, SentinelError, type Simulation } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { ControlStore } from '../store/control-store.ts';
import type { EventStore } from '../store/event-store.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { knownFacts } from './known-facts.ts';
import { nameHits } from './name-hits.ts';
import { simulatePolicies } from './simulate-policies.ts';

/** Simulations that run at the same time; each takes a share of the event store. */
const MAX_RUNNING = 2;
const MAX_KEPT = 50;
const KEPT_MS = 3_600_000;

interface Entry {
  state: Simulation;
  readonly stop: AbortController;
  readonly startedMs: number;
}

/** What to play and over which history. */
export interface SimulationRequest {
  readonly policies: readonly CompiledPolicy[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
  /** Called once it is done, before others see that; not when it is cancelled or fails. */
  readonly onDone?: (outcome: Simulation) => Promise<void>;
}

/** Simulations under way and their outcomes, in memory: a restart of the server ends them. */
export class Simulations {
  readonly #control: ControlStore;
  readonly #events: EventStore;
  readonly #log: Logger;
  readonly #entries = new Map<string, Entry>();

  constructor(control: ControlStore, events: EventStore, log: Logger) {
    this.#control = control;
    this.#events = events;
    this.#log = log;
  }

  /** Starts one; raises `too-many-requests` while as many as may run do. */
  start(request: SimulationRequest): Simulation {
    this.#forgetOld();
    const running = [...this.#entries.values()].filter(({ state }) => state.status === 'running').length;
    if (running >= MAX_RUNNING)
      throw new SentinelError('too-many-requests', `${running} simulations run already. Wait for one, or cancel it.`);
    const id = newUuidV7();
    const entry: Entry = {
      state: {
        id,
        status: 'running',
        share: 0,
        activities: 0,
        from: new Date(request.fromMs).toISOString(),
        to: new Date(request.toMs).toISOString(),
        statements: [],
      },
      stop: new AbortController(),
      startedMs: Date.now(),
    };
    this.#entries.set(id, entry);
    void this.#run(entry, request);
    return entry.state;
  }

  find(id: string): Simulation {
    return this.#entry(id).state;
  }

  cancel(id: string): Simulation {
    const entry = this.#entry(id);
    if (entry.state.status === 'running') {
      entry.stop.abort();
      entry.state = { ...entry.state, status: 'cancelled' };
    }
    return entry.state;
  }

  close(): void {
    for (const { stop } of this.#entries.values()) stop.abort();
  }

  async #run(entry: Entry, { policies, onDone, ...range }: SimulationRequest): Promise<void> {
    try {
      const { activities, isComplete, statements } = await simulatePolicies(this.#events, policies, {
        ...range,
        departments: await this.#departments(),
        known: await knownFacts(this.#control, Date.now()),
        signal: entry.stop.signal,
        onProgress: (share, activities) => {
          entry.state = { ...entry.state, share, activities };
        },
      });
      const effects = new Map(
        policies.flatMap(({ id, statements: own }) => own.map((one) => [`${id}/${one.id}`, one.effect])),
      );
      const outcome: Simulation = {
        ...entry.state,
        status: isComplete ? 'done' : 'cancelled',
        activities,
        statements: (await nameHits(this.#events, statements, range.fromMs)).map((one) => ({
          ...one,
          effect: effects.get(`${one.policyId}/${one.statementId}`) ?? 'observe',
        })),
      };
      if (isComplete) await onDone?.(outcome);
      entry.state = outcome;
    } catch (error) {
      this.#log.warn({ err: error }, 'simulation failed');
      entry.state = {
        ...entry.state,
        status: 'failed',
        problem:
          error instanceof SentinelError ? error.message : 'The event store could not answer; try a shorter time.',
      };
    }
  }

  async #departments(): Promise<Map<string, string>> {
    const rows = await this.#control
      .selectFrom('endpoint')
      .select(['id', 'department'])
      .where('department', 'is not', null)
      .execute();
    return new Map(rows.map(({ id, department }) => [id, department ?? '']));
  }

  #entry(id: string): Entry {
    this.#forgetOld();
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new SentinelError('not-found', 'There is no simulation with this id.');
    return entry;
  }

  #forgetOld(): void {
    for (const [id, { state, startedMs }] of this.#entries) {
      const isOver = state.status !== 'running';
      if (isOver && (Date.now() - startedMs > KEPT_MS || this.#entries.size > MAX_KEPT)) this.#entries.delete(id);
    }
  }
}
