/**
 * ClickHouse's HTTP interface, as far as the server uses it, in front of the embedded engine: what stands
 * in for a ClickHouse server where none can be installed. It shares nothing with the client under test.
 *
 * Run with the folder, the port and the password of the user `sentinel`; prints `ready` once it listens.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createGunzip, gzipSync } from 'node:zlib';
import { SentinelError } from '@sentinel/protocol';
import { createLog } from '../log.ts';
import { ChdbEventStore } from '../store/chdb-event-store.ts';
import { EngineError } from '../store/engine-answers.ts';
import { RowsRefused } from '../store/event-store.ts';

const [folder = '', port = '0', password = ''] = process.argv.slice(2);
const store = await ChdbEventStore.open({ folder, memoryBytes: 1024 * 1024 * 1024 }, createLog('silent'));
const settings = new Set(
  (await store.query<{ name: string }>('SELECT name FROM system.settings')).map(({ name }) => name),
);
/** Parameters of the interface itself. */
const OWN = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'enable_http_compression',
  'wait_end_of_query',
]);

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => refuse(response, error));
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void store.close().then(() => process.exit(0));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://face');
  if (request.headers.authorization !== `Basic ${Buffer.from(`sentinel:${password}`).toString('base64')}`)
    return fail(response, 403, 516, 'AUTHENTICATION_FAILED');
  const unknown = [...url.searchParams.keys()].find(
    (name) => !OWN.has(name) && !name.startsWith('param_') && !settings.has(name),
  );
  if (unknown !== undefined) return fail(response, 404, 115, 'UNKNOWN_SETTING');
  const body = await text(request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request);
  const query = url.searchParams.get('query');
  const insert = /^INSERT INTO (\w+) \(([^)]*)\) FORMAT JSONCompactEachRow\s*$/.exec(query ?? '');
  if (insert !== null) {
    const [, table = '', columns = ''] = insert;
    await store.insert({ table, columns: columns.split(', '), lines: Buffer.from(body) });
    return send(request, response, '');
  }
  const sql = (query ?? body).replace(/\s*FORMAT JSONEachRow\s*$/, '');
  const parameters = Object.fromEntries(
    [...url.searchParams].flatMap(([name, value]) => {
      const parameter = name.startsWith('param_') ? name.slice('param_'.length) : '';
      return parameter === '' ? [] : [[parameter, readParameter(sql, parameter, value)]];
    }),
  );
  // The comment keeps the store from adding limits of its own: these came with the question.
  const rows = await store.query(`/* as asked */ ${sql}`, parameters);
  send(request, response, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

function send(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    response.end(body);
    return;
  }
  response.setHeader('content-encoding', 'gzip');
  response.end(gzipSync(body));
}

function refuse(response: ServerResponse, reason: unknown): void {
  const error = reason instanceof SentinelError && reason.cause instanceof EngineError ? reason.cause : reason;
  if (error instanceof EngineError) fail(response, 500, error.code, /said ([A-Z_]+)/.exec(error.message)?.[1] ?? 'X');
  else if (error instanceof RowsRefused)
    fail(response, 400, Number(/\((\d+)\)$/.exec(error.message)?.[1] ?? 27), 'CANNOT_PARSE_INPUT_ASSERTION_FAILED');
  // A server whose engine is gone answers nothing.
  else response.destroy();
}

function fail(response: ServerResponse, status: number, code: number, type: string): void {
  response.statusCode = status;
  response.setHeader('x-clickhouse-exception-code', String(code));
  response.end(`Code: ${code}. DB::Exception: it was refused. (${type}) (version 26.7)\n`);
}

/** A value as ClickHouse writes it in a URL: escaped, and lists in brackets with quoted texts. */
function readParameter(sql: string, name: string, value: string): string | readonly string[] {
  const isList = new RegExp(`\\{\\s*${name}\\s*:\\s*Array`).test(sql);
  if (!isList) return unescape(value);
  const items = value.slice(1, -1);
  return [...items.matchAll(/'((?:[^'\\]|\\.)*)'|([^,'\s]+)/gs)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : unescape(quoted),
  );
}

function unescape(value: string): string {
  const plain: Record<string, string> = { t: '\t', n: '\n', r: '\r', '0': '\0', b: '\b', f: '\f' };
  return value.replaceAll(/\\(.)/gs, (_, letter: string) => plain[letter] ?? letter);
}
