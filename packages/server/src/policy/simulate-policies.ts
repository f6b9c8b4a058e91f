import { matchesSql } from '@sentinel/policy';
import type { CompiledPolicy } from '@sentinel/protocol';
import type { EventStore } from '../store/event-store.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import { factColumns, type KnownFacts } from './fact-columns.ts';

/** Rows that one day of history may come to: a statement, script, user and endpoint each. */
const MAX_ROWS = 200_000;
const MAX_NAMED = 100;
const MAX_RUN_IDS = 20;
const TIMEOUT_MS = 120_000;

/** What to play policies over. */
export interface SimulationOptions {
  readonly fromMs: number;
  readonly toMs: number;
  /** IANA name; hours are judged by it. */
  readonly timeZone: string;
  /** What else is known of scripts. */
  readonly known?: KnownFacts;
  /** Departments by endpoint id. */
  readonly departments?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
  /** Called after each day with the share done, 0 to 1. */
  readonly onProgress?: (share: number, activities: number) => void;
}

/** Who or what a statement would have hit, and how often. */
export interface HitCount {
  readonly name: string;
  /** Name for people, where `name` is an id. */
  readonly label?: string;
  readonly hits: number;
  readonly runs: number;
}

/** What one statement would have done. */
export interface StatementOutcome {
  readonly policyId: string;
  readonly statementId: string;
  /** Activities that match. */
  readonly hits: number;
  readonly runs: number;
  readonly scripts: HitCount[];
  readonly users: HitCount[];
  readonly endpoints: HitCount[];
  /** Of endpoints that have one. */
  readonly departments: HitCount[];
  /** Some of the runs, newest last. */
  readonly runIds: string[];
}

/** Outcome of a simulation. */
export interface SimulationOutcome {
  readonly activities: number;
  readonly isComplete: boolean;
  readonly statements: StatementOutcome[];
}

interface Row {
  readonly statement: string;
  readonly script: string;
  readonly user: string;
  readonly endpoint: string;
  readonly hits: number;
  readonly runs: number;
  readonly some_runs: readonly string[];
}

/** Plays policies over stored history, a day at a time; ends early, and says so, when the signal asks. */
export async function simulatePolicies(
  events: EventStore,
  policies: readonly CompiledPolicy[],
  options: SimulationOptions,
): Promise<SimulationOutcome> {
  const { fromMs, toMs, signal } = options;
  const question = questionOf(policies, options.timeZone, options.known);
  const tallies = new Map<string, Tally>();
  let activities = 0;
  let isComplete = true;
  const days = Math.max(1, Math.ceil((toMs - fromMs) / DAY_MS));
  for (let day = 0; day < days; day += 1) {
    if (signal?.aborted === true) {
      isComplete = false;
      break;
    }
    const range = {
      from: storeTime(fromMs + day * DAY_MS),
      to: storeTime(Math.min(toMs, fromMs + (day + 1) * DAY_MS)),
      runFrom: storeTime(fromMs + (day - 30) * DAY_MS),
    };
    const [rows, [counted]] = await Promise.all([
      events.query<Row>(question, range, { timeoutMs: TIMEOUT_MS, maxRows: MAX_ROWS }),
      events.query<{ total: number }>(
        `SELECT count() AS total FROM activity FINAL WHERE ${WHERE}`,
        { from: range.from, to: range.to },
        { timeoutMs: TIMEOUT_MS },
      ),
    ]);
    for (const row of rows) {
      const tally = tallies.get(row.statement) ?? new Tally();
      tallies.set(row.statement, tally);
      tally.add(row, options.departments?.get(row.endpoint));
    }
    activities += counted?.total ?? 0;
    options.onProgress?.((day + 1) / days, activities);
  }
  const statements = policies.flatMap(({ id, statements: own }) =>
    own.map((statement) => (tallies.get(`${id}/${statement.id}`) ?? new Tally()).outcome(id, statement.id)),
  );
  return { activities, isComplete, statements };
}

const WHERE = "first_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')}";

function questionOf(policies: readonly CompiledPolicy[], timeZone: string, known: KnownFacts | undefined): string {
  const { columnOf, needs } = factColumns(timeZone, known);
  const matches = matchesSql(policies, 'a.type', columnOf);
  const types = [...new Set(policies.flatMap(({ statements }) => statements.flatMap(({ activities }) => activities)))];
  const run =
    needs.runColumns.size === 0
      ? ''
      : `LEFT JOIN (SELECT id, ${[...needs.runColumns].join(', ')} FROM run FINAL WHERE started_at >= {runFrom:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}
        AND id IN (SELECT run_id FROM activity WHERE ${WHERE})) AS r ON r.id = a.run_id`;
  const totals =
    needs.totals.size === 0
      ? ''
      : `LEFT JOIN (SELECT run_id, ${[...needs.totals].map(([alias, sql]) => `${sql} AS ${alias}`).join(', ')}
         FROM activity FINAL WHERE ${WHERE} GROUP BY run_id) AS t ON t.run_id = a.run_id`;
  return `SELECT statement, script, user, endpoint, count() AS hits, uniqExact(run_id) AS runs,
      groupUniqArray(${MAX_RUN_IDS})(toString(run_id)) AS some_runs
    FROM (
      SELECT a.run_id AS run_id, a.script_id AS script, a.user_name AS user, toString(a.endpoint_id) AS endpoint,
        arrayJoin(${matches}) AS statement
      FROM (SELECT * FROM activity FINAL WHERE ${WHERE} AND type IN (${types.map((type) => `'${type}'`).join(', ')})) AS a
      ${run}
      ${totals}
    )
    GROUP BY statement, script, user, endpoint`;
}

/** Counts of one statement. */
class Tally {
  #hits = 0;
  #runs = 0;
  readonly #by = {
    script: new Map<string, Count>(),
    user: new Map<string, Count>(),
    endpoint: new Map<string, Count>(),
    department: new Map<string, Count>(),
  };
  readonly #runIds = new Set<string>();

  add(row: Row, department: string | undefined): void {
    this.#hits += row.hits;
    this.#runs += row.runs;
    const names = { script: row.script, user: row.user, endpoint: row.endpoint, department };
    for (const key of ['script', 'user', 'endpoint', 'department'] as const) {
      const name = names[key];
      if (name === undefined) continue;
      const count = this.#by[key].get(name) ?? { hits: 0, runs: 0 };
      count.hits += row.hits;
      count.runs += row.runs;
      this.#by[key].set(name, count);
    }
    for (const id of row.some_runs) if (this.#runIds.size < MAX_RUN_IDS) this.#runIds.add(id);
  }

  outcome(policyId: string, statementId: string): StatementOutcome {
    return {
      policyId,
      statementId,
      hits: this.#hits,
      runs: this.#runs,
      scripts: ranked(this.#by.script),
      users: ranked(this.#by.user),
      endpoints: ranked(this.#by.endpoint),
      departments: ranked(this.#by.department),
      runIds: [...this.#runIds].sort(),
    };
  }
}

interface Count {
  hits: number;
  runs: number;
}

function ranked(counts: ReadonlyMap<string, Count>): HitCount[] {
  return [...counts]
    .map(([name, { hits, runs }]) => ({ name, hits, runs }))
    .sort((a, b) => b.runs - a.runs || b.hits - a.hits || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NAMED);
}
