import type { EventStore, QueryParameters } from './event-store.ts';
import { type Cover, coverOf, SCRIPT_SUMS } from './rollup.ts';
import { storeTime } from './store-time.ts';

/** Sums of the runs of one script since a time. */
export interface ScriptSums {
  readonly script_id: string;
  readonly runs: number;
  readonly running: number;
  readonly failures: number;
  readonly first_run_at: string;
  readonly last_run_at: string;
  readonly median_duration_ms: number | null;
}

/** Where a script ran since a time. */
export interface ScriptPlaces {
  readonly script_id: string;
  readonly endpoints: number;
  readonly users: string[];
  readonly paths: string[];
}

/**
 * The runs of scripts since a time, of the whole fleet, from the sums of the days that are over and the rows of
 * the others. What is asked together is answered from one state of the days.
 */
export class SumsSince {
  readonly #store: EventStore;
  readonly #cover: Cover;
  readonly #parameters: QueryParameters;

  private constructor(store: EventStore, cover: Cover, fromMs: number) {
    this.#store = store;
    this.#cover = cover;
    this.#parameters = { from: storeTime(fromMs), attempts: cover.attempts, liveDays: cover.liveDays };
  }

  /** Looks up which days are summed. */
  static async open(store: EventStore, fromMs: number): Promise<SumsSince> {
    return new SumsSince(store, await coverOf(store, 'run', fromMs), fromMs);
  }

  /** Sums of some scripts. */
  amountsOf(ids: readonly string[]): Promise<ScriptSums[]> {
    const of = 'script_id IN {shown:Array(String)}';
    return this.#store.query(
      `SELECT script_id, sum(day_sums.runs) AS runs, sum(day_sums.running) AS running, sum(day_sums.failures) AS failures,
         min(day_sums.first_run_at) AS first_run_at, max(day_sums.last_run_at) AS last_run_at,
         quantileOrNullMerge(0.5)(durations) AS median_duration_ms
       FROM (
         ${this.#union('runs, running, failures, first_run_at, last_run_at, durations', SCRIPT_SUMS, `AND ${of}`, of)}
       ) AS day_sums
       GROUP BY script_id`,
      { ...this.#parameters, shown: ids },
    );
  }

  /** Scripts with most runs first, and how many scripts there are; `condition` is about `script_id` alone. */
  rankByRuns(condition: string, parameters: QueryParameters): Promise<{ script_id: string; total: number }[]> {
    return this.#store.query(
      `SELECT script_id, total FROM (
         SELECT script_id, sum(runs) AS sort_key, count() OVER () AS total
         FROM (${this.#union('runs', 'count() AS runs', `AND ${condition}`)}) GROUP BY script_id
       )
       ORDER BY sort_key DESC, script_id LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      { ...this.#parameters, ...parameters },
    );
  }

  #union(columns: string, sums: string, condition: string, prewhere?: string): string {
    const parts: string[] = [];
    if (this.#cover.attempts.length > 0)
      parts.push(`SELECT script_id, ${columns} FROM script_day WHERE attempt IN {attempts:Array(UUID)} ${condition}`);
    // A run never changes its script, so its rows may be picked before the latest revisions are.
    parts.push(`SELECT script_id, ${sums} FROM run FINAL ${prewhere === undefined ? '' : `PREWHERE ${prewhere}`}
      WHERE toDate(started_at) IN {liveDays:Array(Date)} AND started_at >= {from:DateTime64(3, 'UTC')} ${condition}
      GROUP BY script_id`);
    return parts.join('\nUNION ALL\n');
  }
}

/** Scripts that ran since a time, by their latest run or by how many endpoints they ran on, and how many there are. */
export function rankByPlaces(
  store: EventStore,
  sort: 'lastRunAt' | 'endpoints',
  condition: string,
  parameters: QueryParameters,
): Promise<{ script_id: string; total: number }[]> {
  const key = sort === 'lastRunAt' ? 'max(last_run_at)' : 'uniqExact(endpoint_id)';
  return store.query(
    `SELECT script_id, total FROM (
       SELECT script_id, ${key} AS sort_key, count() OVER () AS total FROM script_place
       WHERE last_run_at >= {from:DateTime64(3, 'UTC')} AND ${condition} GROUP BY script_id
     )
     ORDER BY sort_key DESC, script_id LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    parameters,
  );
}

/** Where some scripts ran since a time. */
export function placesOf(store: EventStore, ids: readonly string[], fromMs: number): Promise<ScriptPlaces[]> {
  return store.query(
    `SELECT script_id, uniqExact(endpoint_id) AS endpoints, arraySort(groupUniqArray(10)(user_name)) AS users,
       arraySort(groupUniqArrayIf(10)(script_path, script_path != '')) AS paths
     FROM script_place WHERE script_id IN {shown:Array(String)} AND last_run_at >= {from:DateTime64(3, 'UTC')}
     GROUP BY script_id`,
    { shown: ids, from: storeTime(fromMs) },
  );
}
