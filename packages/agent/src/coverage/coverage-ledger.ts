import type {
  CanaryResult,
  CoverageCounts,
  EndpointCoverage,
  InterpreterCoverage,
  MissReason,
  SensorHealth,
} from '@sentinel/protocol';
import type { ObservedStart, SensorListener } from '../sensing/process-sensor.ts';
import {
  countOutcomes,
  type InterpreterFacts,
  type JudgedStart,
  matchReports,
  missReason,
  type ReportedStart,
} from './assess-coverage.ts';

/** Time after its end within which a run's report arrives where all is well. */
const GRACE_MS = 5000;
/** Time after which a start without a report is not asked about again. */
const SETTLED_MS = 120_000;
/** A start that goes on and said nothing for so long counts as missed, until it speaks. */
const SILENT_MS = 60_000;
const MAX_OPEN = 50_000;
const MAX_ROWS = 500;
const OTHERS = '(others)';

interface Open extends Omit<ObservedStart, 'timeMs'> {
  timeMs: number;
  endedMs: number | undefined;
}

interface Row {
  readonly executable: string;
  readonly environment: string | undefined;
  readonly settled: Map<MissReason | undefined, number>;
  canary?: CanaryResult;
}

/** Keeps account of starts and reports, and judges each start once; what is still open is judged anew at every count. */
export class CoverageLedger implements SensorListener {
  readonly #facts: InterpreterFacts;
  #sinceMs: number;
  readonly #rows = new Map<string, Row>();
  #open: Open[] = [];
  /** Those of them that go on. */
  readonly #running = new Map<number, Open[]>();
  readonly #reports = new Map<string, ReportedStart>();
  #unobserved = 0;

  constructor(facts: InterpreterFacts, sinceMs: number) {
    this.#facts = facts;
    this.#sinceMs = sinceMs;
  }

  readonly onStart = (start: ObservedStart): void => {
    if (this.#open.length >= MAX_OPEN) return;
    const open = { ...start, endedMs: undefined };
    this.#open.push(open);
    const running = this.#running.get(start.pid);
    if (running === undefined) this.#running.set(start.pid, [open]);
    else running.push(open);
  };

  readonly onEnd = (pid: number, timeMs: number): void => {
    for (const start of this.#running.get(pid) ?? []) start.endedMs = timeMs;
    this.#running.delete(pid);
  };

  /** A probe said hello. Forks begin no program, and what began before the sensor has no start here. */
  reported(report: ReportedStart): void {
    if (report.timeMs >= this.#sinceMs) this.#reports.set(report.runId, report);
  }

  /** The clock of the wall was set: what is open happened as long ago as before. */
  clockStepped(byMs: number): void {
    this.#sinceMs += byMs;
    for (const start of this.#open) {
      start.timeMs += byMs;
      if (start.endedMs !== undefined) start.endedMs += byMs;
    }
    for (const [runId, report] of this.#reports) this.#reports.set(runId, { ...report, timeMs: report.timeMs + byMs });
  }

  /** Last starts of a program or environment; for the canary. */
  sees(pid: number): { readonly isSensed: boolean; readonly isReported: boolean } {
    return {
      isSensed: this.#open.some((start) => start.pid === pid),
      isReported: [...this.#reports.values()].some((report) => report.pid === pid),
    };
  }

  /** Writes down what came of a canary run. */
  noteCanary(executable: string, environment: string | undefined, result: CanaryResult): void {
    this.#row(executable, environment).canary = result;
  }

  /** How it stands. */
  count(sensor: SensorHealth, nowMs: number): EndpointCoverage {
    const { reportOf, unobserved } = matchReports(this.#open, [...this.#reports.values()]);
    const open = new Map<Row, { outcomes: [MissReason | undefined, number][]; pending: number }>();
    const still: Open[] = [];
    for (const start of this.#open) {
      const row = this.#row(start.executable, start.environment);
      const report = reportOf.get(start);
      const age = nowMs - (start.endedMs ?? start.timeMs);
      const isSettled = start.endedMs !== undefined && age > SETTLED_MS;
      const outcome = report === undefined ? missReason(start satisfies JudgedStart, this.#facts) : undefined;
      // A report that was matched stays matched; it is kept a while, so that it is not taken for an unobserved one.
      if (isSettled) {
        row.settled.set(outcome, (row.settled.get(outcome) ?? 0) + 1);
        if (report !== undefined) this.#reports.delete(report.runId);
        continue;
      }
      still.push(start);
      const tally = open.get(row) ?? { outcomes: [], pending: 0 };
      open.set(row, tally);
      const isWaiting = report === undefined && age < (start.endedMs === undefined ? SILENT_MS : GRACE_MS);
      if (isWaiting) tally.pending++;
      else tally.outcomes.push([outcome, 1]);
    }
    this.#open = still;
    let unobservedNow = 0;
    for (const report of unobserved) {
      if (nowMs - report.timeMs > SETTLED_MS) {
        this.#reports.delete(report.runId);
        this.#unobserved++;
      } else if (nowMs - report.timeMs > GRACE_MS) unobservedNow++;
    }
    return this.#describe(open, sensor, this.#unobserved + unobservedNow, nowMs);
  }

  #describe(
    open: ReadonlyMap<Row, { outcomes: [MissReason | undefined, number][]; pending: number }>,
    sensor: SensorHealth,
    unobserved: number,
    nowMs: number,
  ): EndpointCoverage {
    const rows = [...this.#rows.values()].map((row): InterpreterCoverage & CoverageCounts => ({
      executable: row.executable,
      ...(row.environment === undefined ? {} : { environment: row.environment }),
      ...(row.canary === undefined ? {} : { canary: row.canary }),
      ...countOutcomes([...row.settled, ...(open.get(row)?.outcomes ?? [])], open.get(row)?.pending ?? 0),
    }));
    const all = rows.flatMap(({ instrumented, misses }): [MissReason | undefined, number][] => [
      [undefined, instrumented],
      ...(Object.entries(misses) as [MissReason, number][]),
    ]);
    return {
      ...countOutcomes(
        all,
        rows.reduce((sum, { pending }) => sum + pending, 0),
      ),
      since: new Date(this.#sinceMs).toISOString(),
      at: new Date(nowMs).toISOString(),
      sensor,
      unobserved,
      isTrusted: sensor.kind === 'kernel' && sensor.lost === 0 && unobserved === 0,
      interpreters: rows.sort((a, b) => b.observed - a.observed),
    };
  }

  #row(executable: string, environment: string | undefined): Row {
    const key = environment ?? executable;
    let row = this.#rows.get(key);
    if (row === undefined && this.#rows.size >= MAX_ROWS - 1) {
      row = this.#rows.get(OTHERS) ?? { executable: OTHERS, environment: undefined, settled: new Map() };
      this.#rows.set(OTHERS, row);
    }
    if (row === undefined) {
      row = { executable, environment, settled: new Map() };
      this.#rows.set(key, row);
    }
    return row;
  }
}
