import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  errorCodes,
  type Operation,
  type OperationId,
  operations,
  PersonPermission,
  Problem,
  permissionsOf,
  Role,
} from '@sentinel/protocol';
import { createApiToken } from '../store/api-token.ts';
import { createAccount } from '../store/person-account.ts';
import { startSession } from '../store/session.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';
import { scopeAware } from './scope-aware.ts';

let server: TestServer;
let agent: TestAgent;
let owner: string;
let accounts: Record<Role, string>;
const cookies = new Map<string, string>();
/** One service token for each permission that a service may have, and one without its account. */
const tokens = new Map<PersonPermission, string>();

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  owner = (await server.signIn()).cookie;
  const { control } = server.server.services;
  const made = await Promise.all(
    Role.options.map(async (role) => {
      const id = await createAccount(control, {
        userName: `some-${role}`,
        roles: [role],
        kind: role === 'service' ? 'service' : 'person',
        source: 'local',
        nowMs: Date.now(),
      });
      return [role, id] as const;
    }),
  );
  accounts = Object.fromEntries(made) as Record<Role, string>;
  for (const permission of PersonPermission.options) {
    const made = await createApiToken(control, {
      accountId: accounts.service,
      name: permission,
      permissions: [permission],
      createdBy: 'test',
      lifeMs: 3_600_000,
      nowMs: Date.now(),
    });
    tokens.set(permission, made.token);
  }
});
after(() => server.close());

/** Refuse a token or a password by themselves. */
const SIGNS_IN = new Set<OperationId>(['enrol', 'signIn', 'signInWithLink', 'finishSignIn', 'signInWithPasskey']);
const REFUSED = [401, 403];

/** Status that a caller gets; 0 stands for anything but 401 and 403. */
function expectedOf(operation: Operation, caller: 'nobody' | 'agent' | Role): number {
  const { permission } = operation;
  if (permission === 'public') return 0;
  if (permission === 'agent' || permission === 'upload') return caller === 'agent' ? 0 : 401;
  if (caller === 'nobody' || caller === 'agent') return 401;
  if (!permissionsOf(caller).has(permission)) return 403;
  const seesPart = caller === 'user' || caller === 'department-owner';
  return seesPart && permission !== 'self' && !scopeAware.has(operation.id as OperationId) ? 403 : 0;
}

test('lets each role do what the operations allow, and nothing else', async (t) => {
  let walked = 0;
  for (const operation of Object.values(operations) as Operation[]) {
    for (const caller of ['nobody', 'agent', ...Role.options] as const) {
      const expected = expectedOf(operation, caller);
      const headers = await headersOf(caller);
      const response = await call(operation, headers, {}, caller === 'agent' ? agent.fetch : fetch);
      const what = `${operation.id} by ${caller}`;
      if (expected !== 0) assert.equal(response.status, expected, what);
      else if (!SIGNS_IN.has(operation.id as OperationId)) await assertLetIn(response, what);
      if (response.status >= 400) Problem.parse(await response.json());
      else await response.body?.cancel();
      walked++;
    }
  }
  t.diagnostic(`${walked} calls: ${Object.keys(operations).length} operations by ${Role.options.length + 2} callers`);
  assert.equal(walked, Object.keys(operations).length * (Role.options.length + 2));
});

test('lets a token do what it was given, and nothing else', async () => {
  for (const operation of Object.values(operations) as Operation[]) {
    const { permission } = operation;
    if (permission === 'public' || permission === 'agent' || permission === 'upload') continue;
    for (const [granted, token] of tokens) {
      const response = await call(operation, { authorization: `Bearer ${token}` });
      const what = `${operation.id} by a token for ${granted}`;
      // A token never acts on an account's own sign-in, whatever it says.
      if (permission === granted && permission !== 'self') await assertLetIn(response, what);
      else assert.equal(response.status, 403, what);
      await response.body?.cancel();
    }
  }
});

test('takes no token that has expired, was revoked or was never made', async () => {
  const { control } = server.server.services;
  const given = { accountId: accounts.service, name: 'x', permissions: ['read'] as const, createdBy: 'test' };
  const expired = await createApiToken(control, { ...given, lifeMs: 0, nowMs: Date.now() - 1 });
  const revoked = await createApiToken(control, { ...given, lifeMs: 3_600_000, nowMs: Date.now() });
  await control.updateTable('api_token').set({ revoked_at: Date.now() }).where('id', '=', revoked.id).execute();

  for (const token of [expired.token, revoked.token, 'sntl_nonsense']) {
    const response = await call(operations.listRuns, { authorization: `Bearer ${token}`, cookie: owner });
    assert.equal(response.status, 401);
  }
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

async function headersOf(caller: 'nobody' | 'agent' | Role): Promise<Record<string, string>> {
  if (caller === 'nobody' || caller === 'agent') return {};
  // Some operations end sessions, or the accounts' own.
  const { control } = server.server.services;
  const cookie = cookies.get(caller);
  if (cookie !== undefined) {
    const alive = await fetch(`${server.url}/api/v1/session`, { headers: { cookie } });
    if (alive.status === 200) return { cookie };
  }
  const fresh = `sentinel_session=${(await startSession(control, accounts[caller], Date.now())).token}`;
  cookies.set(caller, fresh);
  return { cookie: fresh };
}

/** A refusal that says that the caller is not allowed, and not that the thing itself refuses it. */
async function assertLetIn(response: Response, what: string): Promise<void> {
  if (!REFUSED.includes(response.status)) return;
  const { detail } = Problem.parse(await response.clone().json());
  assert.doesNotMatch(detail, /it needs|This needs|a part of it only/, `${what}: ${response.status} ${detail}`);
}

function call(
  operation: Operation,
  headers: Record<string, string>,
  body: unknown = {},
  send: typeof fetch = fetch,
): Promise<Response> {
  const path = operation.path
    .replace(':scriptId', 'c'.repeat(32))
    .replace(':sha256', 'd'.repeat(64))
    .replaceAll(/:\w+/g, () => randomUUID());
  const hasBody = operation.body !== undefined;
  return send(`${server.url}/api/v1${path}`, {
    method: operation.method,
    headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
  });
}
