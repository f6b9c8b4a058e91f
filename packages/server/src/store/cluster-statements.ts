/** Engine of a table that keeps its rows on several replicas, by the engine of one machine. */
const REPLICATED = /^(?:(?:Replacing|Aggregating|Summing|Collapsing)?MergeTree)$/;

/**
 * The statements that define on a cluster what one statement defines on one machine: for a table a
 * replicated one `<name>_local` on every shard and a distributed one with the plain name over them, so
 * that every question has the same text on both. The cluster's configuration gives the macros `{shard}`
 * and `{replica}`. Source: ClickHouse documentation of ReplicatedMergeTree and Distributed.
 * @throws Error for a statement that is none of those that migrations may use.
 */
export function clusterStatements(statement: string, cluster: string): string[] {
  const on = `ON CLUSTER '${cluster}'`;
  const table = /^\s*CREATE TABLE IF NOT EXISTS (\w+) \(([\s\S]*)\)\s*ENGINE = (\w+)(?:\(([^)]*)\))?\s([\s\S]*)$/.exec(
    statement,
  );
  if (table !== null) {
    const [, name = '', columns = '', engine = '', given = '', rest = ''] = table;
    if (!REPLICATED.test(engine)) throw new Error(`a cluster has no replicated form of the engine ${engine}`);
    const place = `'/clickhouse/tables/{shard}/{database}/${name}_local', '{replica}'`;
    const parts = [place, given.trim()].filter((part) => part !== '').join(', ');
    return [
      `CREATE TABLE IF NOT EXISTS ${name}_local ${on} (${columns}) ENGINE = Replicated${engine}(${parts}) ${rest}`,
      `CREATE TABLE IF NOT EXISTS ${name} ${on} AS ${name}_local ` +
        `ENGINE = Distributed('${cluster}', currentDatabase(), '${name}_local', cityHash64(${shardColumn(columns, rest)}))`,
    ];
  }
  const view = /^\s*CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS\s([\s\S]*)$/.exec(statement);
  if (view !== null) {
    const [, name, target, query = ''] = view;
    // On each shard, from the rows that came there: the distributed table adds up.
    const local = query.replaceAll(/\b(FROM|JOIN)(\s+)(\w+)/g, '$1$2$3_local');
    return [`CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} ${on} TO ${target}_local AS ${local}`];
  }
  const change = /^\s*ALTER TABLE (\w+)\s([\s\S]*)$/.exec(statement);
  if (change !== null) {
    const [, name = '', what = ''] = change;
    const local = `ALTER TABLE ${name}_local ${on} ${what}`;
    // Only columns are known to the distributed table; indexes, settings and rows lie below it.
    return /^(?:ADD|DROP|MODIFY|RENAME) COLUMN\b/.test(what.trim())
      ? [local, `ALTER TABLE ${name} ${on} ${what}`]
      : [local];
  }
  if (/^\s*INSERT INTO \w+[\s(]/.test(statement)) return [statement];
  throw new Error(`a migration of the event store may not say: ${statement.trim().split('\n', 1)[0]}`);
}

/** Rows of one endpoint lie together, so that a later revision meets the row that it replaces. */
function shardColumn(columns: string, rest: string): string {
  if (/^\s*endpoint_id\s/m.test(columns)) return 'endpoint_id';
  const key = /ORDER BY \(?(\w+)/.exec(rest)?.[1];
  if (key === undefined) throw new Error('a table of a cluster needs a key');
  return key;
}
