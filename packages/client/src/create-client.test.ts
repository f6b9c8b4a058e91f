import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { type ErrorCode, SentinelError } from '@sentinel/protocol';
import { createClient } from './create-client.ts';

const RUN_ID = '01900000-0000-7000-8000-000000000000';

let server: Server;
let baseUrl: string;
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;

beforeEach(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('sends path, query, body and credential of an operation', async () => {
  const seen: unknown[] = [];
  answer = ({ method, url, headers }, response, body) => {
    seen.push([method, url, headers.authorization, headers['content-type'], body]);
    response.end(
      JSON.stringify(
        url?.includes('activities')
          ? { items: [], total: 0 }
          : { endpointId: RUN_ID, keyExpiresAt: '2026-12-20T00:00:00.000Z' },
      ),
    );
  };
  const client = createClient({ baseUrl, credential: 'agt_x' });

  await client.listRunActivities({ params: { runId: RUN_ID }, query: { type: 'file.open', limit: 5 } });
  await client.enrol({
    body: {
      token: 't',
      publicKey: 'A'.repeat(43) + '=',
      proof: 'p',
      endpoint: { hostName: 'h', osType: 'linux', osVersion: '6', architecture: 'x64', agentVersion: '1' },
    },
  });

  assert.deepEqual(seen, [
    ['GET', `/api/v1/runs/${RUN_ID}/activities?type=file.open&limit=5`, 'Bearer agt_x', undefined, ''],
    [
      'POST',
      '/api/v1/enrolments',
      'Bearer agt_x',
      'application/json',
      `{"token":"t","publicKey":"${'A'.repeat(43)}=","proof":"p","endpoint":{"hostName":"h","osType":"linux","osVersion":"6","architecture":"x64","agentVersion":"1"}}`,
    ],
  ]);
});

test('rejects with the error that the problem details name', async () => {
  const problem = new SentinelError('overloaded', 'Too much.').toProblem('r');
  answer = (_request, response) =>
    response.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));

  await assert.rejects(createClient({ baseUrl }).getHealth(), isError('overloaded', 'Too much.'));
});

test('rejects with an error of its own where no Sentinel server answers', async () => {
  const client = createClient({ baseUrl });
  answer = (_request, response) => response.writeHead(502).end('<html>');
  await assert.rejects(client.getHealth(), isError('internal', 'The answer 502 is none of a Sentinel server.'));
  answer = (_request, response) => response.end('<html>');
  await assert.rejects(client.getHealth(), isError('internal', 'The answer to getHealth does not have its shape.'));
  answer = (_request, response) => response.end('{"status":"fine"}');
  await assert.rejects(client.getHealth(), isError('internal', 'The answer to getHealth does not have its shape.'));
  server.close();
  server.closeAllConnections();
  await assert.rejects(client.getHealth(), isError('store-unavailable', 'The server cannot be reached.'));
});

test('stops when its signal aborts', async () => {
  answer = () => {};
  const controller = new AbortController();

  const pending = createClient({ baseUrl }).getHealth({ signal: controller.signal });
  controller.abort();

  await assert.rejects(pending, { name: 'AbortError' });
});

test('gives the events of a stream however they are cut, until it ends', async () => {
  const event = JSON.stringify({ kind: 'dropped', count: 3 });
  const text = `: open\n\ndata: ${event}\n\nid: 7\r\nevent: x\r\ndata:${event.slice(0, 8)}\r\ndata: ${event.slice(8)}\r\n\r\n: alive\n\ndata: cut off`;
  answer = ({ headers }, response) => {
    assert.equal(headers.accept, 'text/event-stream');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    void (async () => {
      for (const letter of text) {
        response.write(letter);
        await new Promise(setImmediate);
      }
      response.end();
    })();
  };

  const events = [];
  for await (const received of createClient({ baseUrl }).streamRuns({ query: { q: 'x' } })) events.push(received);

  assert.deepEqual(events, [
    { kind: 'dropped', count: 3 },
    { kind: 'dropped', count: 3 },
  ]);
});

test('lets go of the connection when nobody listens to a stream any more', async () => {
  let closed: Promise<unknown> | undefined;
  answer = (_request, response) => {
    closed = once(response, 'close');
    response.write(`data: ${JSON.stringify({ kind: 'dropped', count: 1 })}\n\n`);
  };

  for await (const event of createClient({ baseUrl }).streamRuns()) {
    assert.equal(event.kind, 'dropped');
    break;
  }

  await closed;
});

function isError(code: ErrorCode, message: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof SentinelError);
    assert.deepEqual([error.code, error.message], [code, message]);
    return true;
  };
}
