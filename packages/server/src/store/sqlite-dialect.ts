import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/** What the dialect asks of its worker thread. */
export type SqliteRequest =
  | { readonly kind: 'run'; readonly id: number; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: 'close'; readonly id: number };

/** What the worker answers. */
export type SqliteReply =
  | { readonly id: number; readonly rows: readonly unknown[]; readonly changes: number }
  | { readonly id: number; readonly error: { readonly message: string; readonly errcode?: number } };

/** Kysely dialect over `node:sqlite`, with the database in a worker thread. */
export function sqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteWorkerDriver(file),
    createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** One connection: Kysely's own mutex gives it to one transaction at a time. */
class SqliteWorkerDriver implements Driver {
  readonly #file: string;
  #connection: SqliteWorkerConnection | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async init(): Promise<void> {
    this.#connection = await SqliteWorkerConnection.open(this.#file);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#connection === undefined) throw new Error('the control store is closed');
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // IMMEDIATE: a transaction that reads and then writes must not fail half way for want of the write lock.
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#connection?.close();
    this.#connection = undefined;
  }
}

class SqliteWorkerConnection implements DatabaseConnection {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (reply: SqliteReply) => void; reject: (error: Error) => void }>();
  #nextId = 1;
  #failure: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: SqliteReply) => {
      this.#waiting.get(reply.id)?.resolve(reply);
      this.#waiting.delete(reply.id);
    });
    worker.on('error', (error) => this.#fail(error as Error));
    worker.on('exit', () => this.#fail(new Error('the control store thread has ended')));
  }

  static async open(file: string): Promise<SqliteWorkerConnection> {
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: { file },
      name: 'control-store',
    });
    const connection = new SqliteWorkerConnection(worker);
    await connection.#ask({ kind: 'run', id: 0, sql: 'select 1', parameters: [] });
    return connection;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = await this.#ask({ kind: 'run', id: 0, sql: query.sql, parameters: query.parameters });
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the control store does not stream');
  }

  async close(): Promise<void> {
    if (this.#failure === undefined) await this.#ask({ kind: 'close', id: 0 });
    await this.#worker.terminate();
  }

  async #ask(request: SqliteRequest): Promise<{ rows: readonly unknown[]; changes: number }> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#nextId++;
    const reply = await new Promise<SqliteReply>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      this.#worker.postMessage({ ...request, id });
    });
    if ('error' in reply) throw Object.assign(new Error(reply.error.message), { errcode: reply.error.errcode });
    return reply;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
