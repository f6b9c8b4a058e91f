/**
 * Less space for each row. Texts that come again and again are numbers into a dictionary; ids of endpoints and
 * spools, times and counters are packed by how they go on from row to row, and everything wide by a slower but
 * denser method. What is there already takes the new form when its parts are merged next.
 *
 * An index on a column has to go while the type of the column changes; none of these has one.
 */
const NUMBER = 'CODEC(T64, ZSTD(1))';
const TIME = 'CODEC(Delta(8), ZSTD(1))';
const TEXT = 'CODEC(ZSTD(1))';

export const statements: readonly string[] = [
  `ALTER TABLE run
    MODIFY COLUMN script_sha256 LowCardinality(Nullable(String)),
    MODIFY COLUMN working_directory LowCardinality(Nullable(String)),
    MODIFY COLUMN argument_shape LowCardinality(String)
    SETTINGS mutations_sync = 2, max_execution_time = 0`,
  `ALTER TABLE run
    MODIFY COLUMN id UUID ${TEXT},
    MODIFY COLUMN endpoint_id UUID ${TEXT},
    MODIFY COLUMN spool_id UUID ${TEXT},
    MODIFY COLUMN pid UInt64 ${NUMBER},
    MODIFY COLUMN parent_pid UInt64 ${NUMBER},
    MODIFY COLUMN sequence UInt64 ${NUMBER},
    MODIFY COLUMN started_at DateTime64(3, 'UTC') ${TIME},
    MODIFY COLUMN ended_at Nullable(DateTime64(3, 'UTC')) ${TIME},
    MODIFY COLUMN duration_ms Nullable(Float64) ${TEXT},
    MODIFY COLUMN cpu_user_ms Nullable(Float64) ${TEXT},
    MODIFY COLUMN cpu_system_ms Nullable(Float64) ${TEXT},
    MODIFY COLUMN peak_memory_bytes Nullable(UInt64) ${TEXT}`,
  `ALTER TABLE activity
    MODIFY COLUMN run_id UUID ${TEXT},
    MODIFY COLUMN endpoint_id UUID ${TEXT},
    MODIFY COLUMN spool_id UUID ${TEXT},
    MODIFY COLUMN id UInt64 ${NUMBER},
    MODIFY COLUMN sequence UInt64 ${NUMBER},
    MODIFY COLUMN attributes Map(LowCardinality(String), String) ${TEXT},
    MODIFY COLUMN count UInt64 ${NUMBER},
    MODIFY COLUMN first_seen DateTime64(3, 'UTC') ${TIME},
    MODIFY COLUMN last_seen DateTime64(3, 'UTC') ${TIME}`,
];
