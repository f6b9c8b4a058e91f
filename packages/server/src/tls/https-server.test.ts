import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ca: Buffer;

before(async () => {
  server = await startTestServer({ tls: 'on' });
  ca = readFileSync(join(server.folder, 'server/tls/authority.pem'));
});
after(() => server.close());

function send(path: string, body?: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${server.url}${path}`,
      { ca, method: body === undefined ? 'GET' : 'POST', headers: { 'content-type': 'application/json' } },
      resolve,
    );
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe('a server that ends TLS itself', () => {
  test('answers whoever trusts its authority, says its pin, and marks its cookies and answers for TLS only', async () => {
    assert.match(server.url, /^https:/);
    assert.match(server.server.pin ?? '', /^sha256:[0-9a-f]{64}$/);
    const health = await send('/api/v1/health');
    assert.equal(health.statusCode, 200);
    assert.equal(health.headers['strict-transport-security'], 'max-age=31536000');
    await text(health);

    const token = new URL(await server.server.createSignInUrl()).hash.replace('#token=', '');
    const session = await send('/api/v1/session/link', { token });
    assert.equal(session.statusCode, 200);
    assert.match(String(session.headers['set-cookie']), /; HttpOnly; Secure; SameSite=Strict/);
    await text(session);
  });

  test('is refused by whoever does not trust it, and refuses plain HTTP and old TLS', async () => {
    await assert.rejects(fetch(`${server.url}/api/v1/health`), (error: Error) =>
      /SELF_SIGNED|UNABLE_TO/.test(String((error.cause as { code?: string }).code)),
    );
    const { port } = new URL(server.url);
    await assert.rejects(new Promise((resolve, reject) => httpGet({ port, path: '/' }, resolve).on('error', reject)));
    const old = connect({ host: '127.0.0.1', port: Number(port), ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' });
    await assert.rejects(new Promise((resolve, reject) => old.on('secureConnect', resolve).on('error', reject)));
  });
});
