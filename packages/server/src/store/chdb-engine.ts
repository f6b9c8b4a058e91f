/**
 * Process that holds the chDB engine, so that a native fault or its memory never touches the API.
 *
 * Descriptor 3 is a socket to the server: frames come in, frames go out. When the socket ends the
 * server is gone, and this process ends at once: whatever was acknowledged is already synced.
 */
import { Socket } from 'node:net';
import { readFrames, writeFrame } from './frame.ts';

/** What the server asks. */
export type EngineRequest =
  | { readonly id: number; readonly kind: 'insert'; readonly table: string; readonly columns: readonly string[] }
  | {
      readonly id: number;
      readonly kind: 'query';
      readonly sql: string;
      readonly parameters: Readonly<Record<string, string | number | readonly string[]>>;
    }
  | { readonly id: number; readonly kind: 'ping' }
  | { readonly id: number; readonly kind: 'close' };

/** What the engine answers; the payload of a query is its rows, one JSON object a line. */
export type EngineReply =
  | { readonly id: number; readonly ok: true }
  | { readonly id: number; readonly ok: false; readonly name: string; readonly code: number; readonly message: string };

/** What the engine says first. */
export type EngineHello =
  | { readonly id: 0; readonly ok: true }
  | { readonly id: 0; readonly ok: false; readonly name: string; readonly code: number; readonly message: string };

/** Settings that the server starts the engine with. */
export interface EngineSettings {
  readonly folder: string;
  readonly memoryBytes: number;
  /** Connections that read, and that write. Each runs one statement at a time, and the server never asks for more at once. */
  readonly readers: number;
  readonly writers: number;
}

/** Another engine on the folder may need a moment to end after its server was killed. */
const OPEN_ATTEMPTS = 50;
const OPEN_RETRY_MS = 200;

type Chdb = typeof import('chdb');
type Session = InstanceType<Chdb['Session']>;

interface Engine {
  readonly writers: readonly Session[];
  readonly readers: readonly Session[];
  readonly drain: () => Promise<void>;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as EngineSettings;
const socket = new Socket({ fd: 3, readable: true, writable: true });
const gone = () => process.kill(process.pid, 'SIGKILL');
socket.on('end', gone).on('close', gone).on('error', gone);
// The server decides when this process ends; a Ctrl-C at the terminal reaches both.
process.on('SIGINT', () => {}).on('SIGTERM', () => {});

try {
  await serve(await open());
  writeFrame(socket, { id: 0, ok: true });
} catch (error) {
  writeFrame(socket, { id: 0, ok: false, ...describe(error) });
}

async function open(): Promise<Engine> {
  const { Session, drainPending } = await import('chdb');
  const args = [
    `--max_server_memory_usage=${settings.memoryBytes}`,
    `--max_memory_usage=${Math.floor(settings.memoryBytes * 0.8)}`,
    `--mark_cache_size=${Math.floor(settings.memoryBytes / 8)}`,
    '--max_threads=2',
    // Where backups may be written: wherever the server's own account may; every statement is the server's.
    '--backups.allowed_path=/',
    '--max_insert_threads=1',
    '--max_partitions_per_insert_block=1000',
    '--max_execution_time=60',
    '--output_format_json_quote_64bit_integers=0',
    '--date_time_output_format=iso',
    '--input_format_json_throw_on_bad_escape_sequence=0',
    '--do_not_merge_across_partitions_select_final=1',
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      const writers = Array.from(
        { length: settings.writers },
        () => new Session(settings.folder, { connectionArgs: args }),
      );
      const readers = Array.from(
        { length: settings.readers },
        () => new Session(settings.folder, { connectionArgs: args }),
      );
      return { writers, readers, drain: drainPending };
    } catch (error) {
      if (attempt === OPEN_ATTEMPTS || !(error as Error).name.startsWith('Chdb')) throw error;
      await new Promise((resolve) => setTimeout(resolve, OPEN_RETRY_MS));
    }
  }
}

async function serve(engine: Engine): Promise<void> {
  const readers = [...engine.readers];
  const writers = [...engine.writers];
  readFrames<EngineRequest>(socket, ({ header, payload }) => {
    const { id } = header;
    const answer = (work: Promise<Uint8Array>) =>
      work.then(
        (rows) => writeFrame(socket, { id, ok: true }, rows),
        (error: unknown) => writeFrame(socket, { id, ok: false, ...describe(error) }),
      );
    switch (header.kind) {
      case 'ping':
        writeFrame(socket, { id, ok: true });
        break;
      case 'close':
        void close(id, engine);
        break;
      case 'insert':
        void answer(withOne(writers, (session) => insert(session, header, payload)));
        break;
      case 'query':
        void answer(withOne(readers, (session) => query(session, header)));
        break;
    }
  });
}

async function withOne<T>(idle: Session[], work: (session: Session) => Promise<T>): Promise<T> {
  const session = idle.pop();
  if (session === undefined) throw new Error('the server asked for more at once than there are connections');
  try {
    return await work(session);
  } finally {
    idle.push(session);
  }
}

async function insert(
  session: Session,
  request: EngineRequest & { kind: 'insert' },
  payload: Buffer,
): Promise<Uint8Array> {
  await session.insert({
    table: request.table,
    columns: request.columns,
    values: payload,
    format: 'JSONCompactEachRow',
  });
  return new Uint8Array(0);
}

async function query(session: Session, request: EngineRequest & { kind: 'query' }): Promise<Uint8Array> {
  return (await session.queryBindAsync(request.sql, request.parameters, { format: 'JSONEachRow' })).bytes();
}

async function close(id: number, engine: Engine): Promise<void> {
  for (const session of [...engine.readers, ...engine.writers]) session.close();
  await engine.drain();
  socket.off('close', gone).off('end', gone);
  writeFrame(socket, { id, ok: true });
  socket.end(() => process.exit(0));
}

function describe(error: unknown): { name: string; code: number; message: string } {
  const { name, message, clickhouseCode, code } = error as Error & { clickhouseCode?: number; code?: string };
  return {
    name: code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' ? code : name,
    code: clickhouseCode ?? 0,
    message,
  };
}
