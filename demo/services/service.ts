import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Largest request body; the demo's own are far below. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Listens on a free port of this computer, says so to the parent, and ends when the parent is gone or says so. */
export function announce(server: Server): void {
  const stop = () => {
    server.close();
    server.closeAllConnections();
    if (process.connected) process.disconnect?.();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.connected) process.once('disconnect', stop);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    if (process.connected) process.send?.({ kind: 'ready', url });
    else process.stdout.write(`${url}\n`);
  });
}

/**
 * Reads a JSON object.
 * @throws when the body is too large or no JSON object.
 */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof body !== 'object' || body === null) throw new Error('The body is no object.');
  return body as Record<string, unknown>;
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
