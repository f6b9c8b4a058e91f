/** Rows for one table, already encoded: one JSON array a line, in the order of the table's columns. */
export interface InsertGroup {
  readonly table: string;
  readonly columns: readonly string[];
  /** JSONCompactEachRow. Must not change until the insert has settled. */
  readonly lines: Buffer;
}

/** Limits of one query. */
export interface QueryOptions {
  readonly timeoutMs?: number;
  /** More rows than this make the query fail rather than answer in part. */
  readonly maxRows?: number;
}

/** Values of `{name:Type}` placeholders. */
export type QueryParameters = Readonly<Record<string, string | number | readonly string[]>>;

/**
 * The store of runs and activities. It speaks ClickHouse SQL; what differs is the transport.
 *
 * An unreachable store rejects with the code `store-unavailable`; rows that the store refuses
 * reject with {@link RowsRefused}.
 */
export interface EventStore {
  /** Brings the tables to the form that this program needs. */
  migrate(): Promise<void>;
  /** Resolves once the rows are durable. */
  insert(group: InsertGroup): Promise<void>;
  query<Row>(sql: string, parameters?: QueryParameters, options?: QueryOptions): Promise<Row[]>;
  /** The answer as the engine writes it, one JSON object a line: for many rows that another thread reads. */
  lines(sql: string, parameters?: QueryParameters, options?: QueryOptions): Promise<Buffer>;
  /** Changes a table, on every shard and replica of a cluster: `DROP PARTITION …`, `DELETE WHERE …`. Resolves once it is done. */
  alter(table: string, change: string, parameters?: QueryParameters): Promise<void>;
  /** Whether the store can take rows and answer now. */
  ping(): Promise<boolean>;
  /** Name of the cluster that the tables are spread over; one machine without it. */
  readonly cluster?: string | undefined;
  /** How often the engine had to be started again. */
  readonly restarts: number;
  close(): Promise<void>;
}

/** The store read the rows and will not take them, now or later. */
export class RowsRefused extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'RowsRefused';
  }
}
