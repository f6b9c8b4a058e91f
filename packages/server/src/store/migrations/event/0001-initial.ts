/**
 * Runs, activities, and when each script was first and last seen.
 *
 * Time leads every key and the partitions are days: most questions ask about a stretch of time. The
 * endpoint stands in the key so that one endpoint can never replace another's row. `started_at` and
 * `first_seen` come from the probe and never change for a row, so a later revision falls into the
 * same partition and replaces the earlier one there.
 */
export const statements: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS run (
    id UUID,
    endpoint_id UUID,
    revision UInt64,
    parent_run_id Nullable(UUID),
    start_kind LowCardinality(String),
    status LowCardinality(String),
    script_id String,
    script_kind LowCardinality(String),
    script_name String,
    script_path Nullable(String),
    script_sha256 Nullable(String),
    script_size_bytes Nullable(UInt64),
    interpreter_path LowCardinality(String),
    interpreter_implementation LowCardinality(String),
    interpreter_version LowCardinality(String),
    interpreter_base_prefix LowCardinality(String),
    environment_prefix LowCardinality(String),
    environment_kind LowCardinality(String),
    user_name LowCardinality(String),
    user_id Nullable(Int64),
    host_name LowCardinality(String),
    pid UInt64,
    parent_pid UInt64,
    working_directory Nullable(String),
    argument_count UInt64,
    argument_shape String,
    started_at DateTime64(3, 'UTC'),
    ended_at Nullable(DateTime64(3, 'UTC')),
    duration_ms Nullable(Float64),
    exit_route LowCardinality(Nullable(String)),
    exit_code Nullable(Int64),
    exit_signal LowCardinality(Nullable(String)),
    cpu_user_ms Nullable(Float64),
    cpu_system_ms Nullable(Float64),
    peak_memory_bytes Nullable(UInt64),
    probe_version LowCardinality(String),
    probe_dropped UInt64,
    probe_errors UInt64,
    spool_id UUID,
    sequence UInt64,
    INDEX run_id_index id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX parent_run_id_index parent_run_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX script_id_index script_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX endpoint_id_index endpoint_id TYPE bloom_filter(0.01) GRANULARITY 4
  )
  ENGINE = ReplacingMergeTree(revision)
  PARTITION BY toDate(started_at)
  ORDER BY (started_at, endpoint_id, id)
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  `CREATE TABLE IF NOT EXISTS activity (
    run_id UUID,
    id UInt64,
    endpoint_id UUID,
    revision UInt64,
    type LowCardinality(String),
    target String,
    detail LowCardinality(String),
    library LowCardinality(String),
    database LowCardinality(String),
    script_id String,
    user_name LowCardinality(String),
    attributes Map(LowCardinality(String), String),
    unmapped String,
    count UInt64,
    bytes_in UInt64,
    bytes_out UInt64,
    rows UInt64,
    errors UInt64,
    first_seen DateTime64(3, 'UTC'),
    last_seen DateTime64(3, 'UTC'),
    decision String,
    spool_id UUID,
    sequence UInt64,
    INDEX run_id_index run_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX script_id_index script_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX target_index lowerUTF8(target) TYPE ngrambf_v1(3, 16384, 3, 0) GRANULARITY 1
  )
  ENGINE = ReplacingMergeTree(revision)
  PARTITION BY toDate(first_seen)
  ORDER BY (first_seen, endpoint_id, run_id, id)
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  `CREATE TABLE IF NOT EXISTS script_seen (
    script_id String,
    first_run_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_run_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
  )
  ENGINE = AggregatingMergeTree
  ORDER BY script_id
  SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  `CREATE MATERIALIZED VIEW IF NOT EXISTS script_seen_of_run TO script_seen AS
  SELECT script_id, min(started_at) AS first_run_at, max(started_at) AS last_run_at
  FROM run
  GROUP BY script_id`,
];
