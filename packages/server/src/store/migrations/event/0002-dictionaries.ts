/** Settings of a change that rewrites what is there already: it is done when it is answered, however long it takes. */
const UNTIL_DONE = 'SETTINGS mutations_sync = 2, max_execution_time = 0';

/**
 * Texts that come again and again are kept as numbers into a dictionary of their part: a question that
 * compares or groups them reads some two bytes a row, and a pattern is tried once for each different text
 * and not once for each row. A day that is over is merged into one part, after which taking the latest
 * revision of each row costs a question nothing.
 *
 * An index on a column has to go while the type of the column changes.
 */
export const statements: readonly string[] = [
  `ALTER TABLE run DROP INDEX IF EXISTS script_id_index ${UNTIL_DONE}`,
  `ALTER TABLE run MODIFY COLUMN script_id LowCardinality(String),
    MODIFY COLUMN script_name LowCardinality(String),
    MODIFY COLUMN script_path LowCardinality(Nullable(String)) ${UNTIL_DONE}`,
  'ALTER TABLE run ADD INDEX IF NOT EXISTS script_id_index script_id TYPE bloom_filter(0.01) GRANULARITY 1',
  `ALTER TABLE run MATERIALIZE INDEX script_id_index ${UNTIL_DONE}`,
  `ALTER TABLE activity DROP INDEX IF EXISTS script_id_index, DROP INDEX IF EXISTS target_index ${UNTIL_DONE}`,
  `ALTER TABLE activity MODIFY COLUMN script_id LowCardinality(String),
    MODIFY COLUMN target LowCardinality(String) ${UNTIL_DONE}`,
  `ALTER TABLE activity ADD INDEX IF NOT EXISTS script_id_index script_id TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS target_index lowerUTF8(target) TYPE ngrambf_v1(3, 16384, 3, 0) GRANULARITY 1`,
  `ALTER TABLE activity MATERIALIZE INDEX script_id_index, MATERIALIZE INDEX target_index ${UNTIL_DONE}`,
  'ALTER TABLE run MODIFY SETTING min_age_to_force_merge_seconds = 7200, min_age_to_force_merge_on_partition_only = 1',
  'ALTER TABLE activity MODIFY SETTING min_age_to_force_merge_seconds = 7200, min_age_to_force_merge_on_partition_only = 1',
];
