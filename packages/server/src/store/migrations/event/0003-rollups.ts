/**
 * Who ran which script where, and what the days that are over add up to.
 *
 * `script_place` follows every insert, as `script_seen` does: the latest run of each script, endpoint, account and path, which
 * doubled, late and reordered rows do not change. The sums of `script_day` and `touch_day` are made by a
 * job from the latest revisions of a whole day; `rollup_day` says from which state of the day, and only sums of
 * the state that the day is in now are ever read. Each making has an id of its own, so that one that broke off
 * leaves nothing that counts.
 *
 * An acknowledgement waits for the rows alone: what follows from them is not synced, and the job writes it again from
 * the rows of a changed day, which also mends what a power cut took.
 */
export const statements: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS script_place (
    script_id LowCardinality(String),
    endpoint_id UUID,
    user_name LowCardinality(String),
    script_path LowCardinality(String),
    last_run_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
  )
  ENGINE = AggregatingMergeTree
  ORDER BY (script_id, endpoint_id, user_name, script_path)
  SETTINGS fsync_after_insert = 0`,
  `CREATE MATERIALIZED VIEW IF NOT EXISTS script_place_of_run TO script_place AS
  SELECT script_id, endpoint_id, user_name, ifNull(script_path, '') AS script_path,
    max(started_at) AS last_run_at
  FROM run
  GROUP BY script_id, endpoint_id, user_name, script_path`,
  `INSERT INTO script_place (script_id, endpoint_id, user_name, script_path, last_run_at)
  SELECT script_id, endpoint_id, user_name, ifNull(script_path, '') AS place, max(started_at)
  FROM run
  GROUP BY script_id, endpoint_id, user_name, place
  SETTINGS max_execution_time = 0`,
  'ALTER TABLE script_seen MODIFY SETTING fsync_after_insert = 0, fsync_part_directory = 0',
  `CREATE TABLE IF NOT EXISTS rollup_day (
    source LowCardinality(String),
    day Date,
    attempt UUID,
    version String,
    unowned UInt64,
    made_at DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree
  ORDER BY (source, day, attempt)
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  `CREATE TABLE IF NOT EXISTS script_day (
    day Date,
    attempt UUID,
    script_id LowCardinality(String),
    runs UInt64,
    running UInt64,
    failures UInt64,
    first_run_at DateTime64(3, 'UTC'),
    last_run_at DateTime64(3, 'UTC'),
    durations AggregateFunction(quantileOrNull(0.5), Nullable(Float64))
  )
  ENGINE = ReplacingMergeTree
  ORDER BY (script_id, day, attempt)
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  `CREATE TABLE IF NOT EXISTS touch_day (
    day Date,
    attempt UUID,
    script_id LowCardinality(String),
    type LowCardinality(String),
    target LowCardinality(String),
    detail LowCardinality(String),
    runs UInt64,
    carried Array(UUID),
    times Float64,
    bytes_in Float64,
    bytes_out Float64,
    db_rows Float64,
    first_seen DateTime64(3, 'UTC'),
    last_seen DateTime64(3, 'UTC')
  )
  ENGINE = ReplacingMergeTree
  ORDER BY (script_id, day, attempt, type, target, detail)
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
];
