/**
 * Worker thread that owns the control store's database file, so that a synchronous fsync never
 * stops the server's event loop. It is started by `sqlite-dialect.ts` and speaks its messages only.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { SqliteReply, SqliteRequest } from './sqlite-dialect.ts';

/** Prepared statements kept; the server has a few dozen distinct ones. */
const MAX_STATEMENTS = 256;

const port = parentPort;
if (port === null) throw new Error('sqlite-worker.ts runs in a worker thread only');

const database = new DatabaseSync((workerData as { file: string }).file, { enableForeignKeyConstraints: true });
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
const statements = new Map<string, StatementSync>();

port.on('message', (request: SqliteRequest) => {
  if (request.kind === 'close') {
    database.close();
    port.postMessage({ id: request.id, rows: [], changes: 0 } satisfies SqliteReply);
    port.close();
    return;
  }
  port.postMessage(answer(request));
});

function answer(request: SqliteRequest & { kind: 'run' }): SqliteReply {
  try {
    const statement = prepare(request.sql);
    const parameters = request.parameters.map(bindable);
    if (statement.columns().length > 0) return { id: request.id, rows: statement.all(...parameters), changes: 0 };
    return { id: request.id, rows: [], changes: Number(statement.run(...parameters).changes) };
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    return { id: request.id, error: { message, ...(errcode === undefined ? {} : { errcode }) } };
  }
}

function prepare(sql: string): StatementSync {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  if (statements.size >= MAX_STATEMENTS) statements.clear();
  const statement = database.prepare(sql);
  statements.set(sql, statement);
  return statement;
}

function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value === undefined ? null : (value as SQLInputValue);
}
