import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { errorCodes, type Operation, operations, permissionsOf, Problem } from '@sentinel/protocol';
import { hashPassword } from '../password-hash.ts';
import { startSession } from '../store/session.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';
import { newUuidV7 } from '../uuid-v7.ts';

let server: TestServer;
let agent: TestAgent;
let owner: string;
let viewer: string;

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  owner = (await server.signIn()).cookie;
  const { control } = server.server.services;
  const id = newUuidV7();
  await control
    .insertInto('account')
    .values({
      id,
      user_name: 'vera',
      role: 'viewer',
      password_hash: await hashPassword('a long enough password'),
      created_at: Date.now(),
    })
    .execute();
  viewer = `sentinel_session=${(await startSession(control, id, Date.now())).token}`;
});
after(() => server.close());

type CallerKind = 'nobody' | 'agent' | 'viewer' | 'owner';

/** Status that each kind of caller may get at all; 0 stands for anything but 401 and 403. */
function expectedOf(permission: Operation['permission']): Record<CallerKind, number> {
  if (permission === 'public') return { nobody: 0, agent: 0, viewer: 0, owner: 0 };
  if (permission === 'agent' || permission === 'upload') return { nobody: 401, agent: 0, viewer: 401, owner: 401 };
  return { nobody: 401, agent: 401, viewer: permissionsOf('viewer').has(permission) ? 0 : 403, owner: 0 };
}
/** Refuse a token or a password by themselves. */
const SIGNS_IN = new Set(['enrol', 'signIn', 'signInWithLink']);

test('lets each kind of caller do what the operations allow, and nothing else', async () => {
  let walked = 0;
  for (const operation of Object.values(operations) as Operation[]) {
    for (const [caller, expected] of Object.entries(expectedOf(operation.permission))) {
      if (operation.id === 'signOut' && expected === 0) continue;
      const response = await call(operation, headersOf(caller));
      const what = `${operation.id} by ${caller}`;
      if (expected !== 0) assert.equal(response.status, expected, what);
      else if (!SIGNS_IN.has(operation.id))
        assert.ok(response.status !== 401 && response.status !== 403, `${what}: ${response.status}`);
      if (response.status >= 400) Problem.parse(await response.json());
      else await response.body?.cancel();
      walked++;
    }
  }
  assert.equal(walked, Object.keys(operations).length * 4 - 2);
});

test('refuses unsafe requests that another site sent from a browser', async () => {
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ];
  for (const headers of foreign) {
    const response = await call(operations.createEnrolmentToken, { cookie: owner, ...headers }, { uses: 1 });
    assert.equal(response.status, 403, JSON.stringify(headers));
  }
  const own: Record<string, string>[] = [{ origin: server.url, 'sec-fetch-site': 'same-origin' }, {}];
  for (const headers of own) {
    const response = await call(operations.createEnrolmentToken, { cookie: owner, ...headers }, { uses: 1 });
    assert.equal(response.status, 200, JSON.stringify(headers));
  }
});

test('takes no form and no plain text where a cookie counts', async () => {
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
    const response = await fetch(`${server.url}/api/v1/enrolment-tokens`, {
      method: 'POST',
      headers: { cookie: owner, 'content-type': type },
      body: '{"uses":1}',
    });
    assert.equal(response.status, 415, type);
  }
});

test('answers with problem details of the catalogue, and says nothing about its inside', async () => {
  const response = await fetch(`${server.url}/api/v1/runs/nonsense`, { headers: { cookie: owner } });

  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = Problem.parse(await response.json());
  const { status, title, hint, retry } = errorCodes['bad-request'];
  assert.deepEqual(problem, {
    type: 'urn:sentinel:error:bad-request',
    status,
    title,
    hint,
    retry,
    code: 'bad-request',
    detail: 'path: runId: Invalid UUID',
    requestId: response.headers.get('x-request-id'),
  });
});

function headersOf(caller: string): Record<string, string> {
  if (caller === 'nobody') return {};
  if (caller === 'agent') return { authorization: `Bearer ${agent.credential}` };
  return { cookie: caller === 'owner' ? owner : viewer };
}

function call(operation: Operation, headers: Record<string, string>, body: unknown = {}): Promise<Response> {
  const path = operation.path.replace(':runId', randomUUID()).replace(':scriptId', 'c'.repeat(32));
  const hasBody = operation.body !== undefined;
  return fetch(`${server.url}/api/v1${path}`, {
    method: operation.method,
    headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
  });
}
