import type { EndpointCoverage, Run } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { EnvironmentWatcher } from '../instrumentation/environment-watcher.ts';
import { openSensor } from '../sensing/open-sensor.ts';
import type { ProcessSensor } from '../sensing/process-sensor.ts';
import { Canary } from './canary.ts';
import { CoverageLedger } from './coverage-ledger.ts';
import { factsOf } from './instrumented-facts.ts';

const COUNT_MS = 2000;
/** The clock of the wall is set by small steps all day. */
const STEP_MS = 5000;

/** What {@link CoverageWatch} needs. */
export interface CoverageWatchOptions {
  readonly environments: EnvironmentWatcher;
  readonly log: Logger;
  readonly onCanaryMissed?: () => void;
}

/** Sensor, account and canary together: how much of what starts has a probe in it. */
export class CoverageWatch {
  readonly #options: CoverageWatchOptions;
  readonly #ledger: CoverageLedger;
  readonly #canary: Canary;
  #sensor: ProcessSensor | undefined;
  #current: EndpointCoverage | undefined;
  #timer: NodeJS.Timeout | undefined;
  #clockOffsetMs = clockOffsetMs();

  constructor(options: CoverageWatchOptions) {
    const { environments, log, onCanaryMissed } = options;
    const manifest = () => environments.manifest;
    this.#options = options;
    this.#ledger = new CoverageLedger(factsOf(manifest), Date.now());
    this.#canary = new Canary(manifest, this.#ledger, (key) => {
      log.warn(
        { 'file.path': key },
        'the canary of an interpreter was not reported: its probe is gone or cannot write',
      );
      onCanaryMissed?.();
    });
  }

  /** The last count. */
  get current(): EndpointCoverage | undefined {
    return this.#current;
  }

  async start(): Promise<void> {
    const { environments, log } = this.#options;
    const { onStart, onEnd } = this.#ledger;
    this.#sensor = await openSensor({
      hosts: environments.manifest.hosts.map(({ path }) => path),
      listener: {
        onStart(start) {
          onStart(start);
          if (start.environment !== undefined) environments.noticed(start.environment);
        },
        onEnd,
      },
    });
    const { kind, note } = this.#sensor.health();
    log.info({ sensor: kind, reason: note }, 'process starts are sensed');
    this.#count();
    this.#timer = setInterval(() => this.#count(), COUNT_MS);
    this.#canary.start();
  }

  /** A probe said hello. A fork is no start of a program. */
  reported(run: Run): void {
    if (run.startKind === 'start')
      this.#ledger.reported({ runId: run.id, pid: run.pid, timeMs: Date.parse(run.startedAt) });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#canary.stop();
    await this.#sensor?.close();
  }

  #count(): void {
    const stepMs = clockOffsetMs() - this.#clockOffsetMs;
    this.#clockOffsetMs += stepMs;
    if (Math.abs(stepMs) > STEP_MS) this.#ledger.clockStepped(stepMs);
    if (this.#sensor !== undefined) this.#current = this.#ledger.count(this.#sensor.health(), Date.now());
  }
}

/** What the clock of the wall is ahead of the one that nobody sets. */
function clockOffsetMs(): number {
  return Date.now() - performance.now();
}
