import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ErrorCode, Problem } from '@sentinel/protocol';
import { makeFolder, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let consoleFolder: string;

before(async () => {
  consoleFolder = makeFolder();
  mkdirSync(join(consoleFolder, 'assets'));
  writeFileSync(join(consoleFolder, 'index.html'), '<!doctype html><title>Sentinel</title>');
  writeFileSync(join(consoleFolder, 'assets/main-B4x9_Qz1.js'), 'export {};');
  writeFileSync(join(consoleFolder, 'theme-init.js'), '');
  server = await startTestServer({ console: consoleFolder });
});
after(async () => {
  await server.close();
  rmSync(consoleFolder, { recursive: true, force: true });
});

test('gives the OpenAPI document that is generated from the protocol', async () => {
  const response = await fetch(`${server.url}/api/v1/openapi.json`);

  assert.deepEqual(
    await response.json(),
    JSON.parse(readFileSync(join(import.meta.dirname, '../../../../schema/openapi.json'), 'utf8')),
  );
});

test('gives its counters in Prometheus form', async () => {
  const response = await fetch(`${server.url}/metrics`);

  assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
  const text = await response.text();
  const names = [
    'batches_total{result="stored"}',
    'rows_total{result="set-aside"}',
    'ingest_seconds_count',
    'group_rows_count',
  ];
  const gauges = [
    'engine_restarts_total',
    'stream_viewers',
    'ingest_bytes_under_way',
    'endpoints_known',
    'endpoints_reporting',
  ];
  for (const name of [...names, ...gauges, 'process_cpu_seconds_total'])
    assert.ok(text.includes(`sentinel_${name} `), name);
});

test('tells an unknown path from a wrong method', async () => {
  const asks: [string, string, ErrorCode][] = [
    ['GET', '/api/v1/nothing', 'not-found'],
    ['GET', '/api/v2/runs', 'not-found'],
    ['PUT', '/api/v1/runs', 'method-not-allowed'],
    ['DELETE', '/api/v1/runs/x/activities', 'method-not-allowed'],
    ['POST', '/api/v1/openapi.json', 'method-not-allowed'],
    ['POST', '/', 'not-found'],
    ['GET', '/missing.js', 'not-found'],
    ['GET', '/api/v1/runs/%ZZ', 'bad-request'],
  ];
  for (const [method, path, code] of asks) {
    const response = await fetch(server.url + path, { method });
    assert.equal(Problem.parse(await response.json()).code, code, `${method} ${path}`);
    if (code === 'method-not-allowed') assert.match(response.headers.get('allow') ?? '', /GET/);
  }
});

test('serves the console, its page for every address of its own, and keeps hashed files for ever', async () => {
  for (const path of ['/', '/runs', '/runs/0190/activities', '/sign-in?x=1']) {
    const response = await fetch(server.url + path);
    assert.equal(response.status, 200, path);
    assert.match(await response.text(), /<title>Sentinel/, path);
    assert.equal(response.headers.get('cache-control'), 'no-cache', path);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  }
  const asset = await fetch(`${server.url}/assets/main-B4x9_Qz1.js`);
  assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.match(asset.headers.get('content-type') ?? '', /javascript/);
  assert.equal((await fetch(`${server.url}/theme-init.js`)).headers.get('cache-control'), 'no-cache');
});

test('never serves a file from outside the console folder', async () => {
  for (const path of ['/../pid', '/..%2fpid', '/%2e%2e/pid', '/assets/..%2f..%2fpid', '/assets/../../pid']) {
    const answer = await rawGet(path);
    assert.doesNotMatch(answer, new RegExp(`\\b${process.pid}\\b`), path);
  }
});

test('sends the headers that browsers heed', async () => {
  const { headers } = await fetch(`${server.url}/api/v1/health`);

  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('x-frame-options'), 'DENY');
  assert.equal(headers.get('cache-control'), 'no-store');
});

function rawGet(path: string): Promise<string> {
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.end(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    );
    let text = '';
    socket
      .on('data', (chunk: Buffer) => (text += chunk.toString()))
      .on('end', () => resolve(text))
      .on('error', reject);
  });
}
