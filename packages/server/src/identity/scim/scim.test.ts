import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let owner: Client;
let token: string;

before(async () => {
  server = await startTestServer({
    groupRoles: {
      Analysts: { roles: ['analyst'], departments: [] },
      'Finance leads': { roles: ['department-owner'], departments: ['finance'] },
    },
  });
  owner = (await server.signIn()).client;
  token = (
    await owner.createToken({ body: { name: 'directory', service: 'directory', permissions: ['people.manage'] } })
  ).token;
});
after(() => server.close());

test('creates, finds, replaces and deactivates a user', async () => {
  const made = await scim('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'ann@example.com',
    externalId: 'e-1',
    name: { givenName: 'Ann', familyName: 'Ames' },
    emails: [{ value: 'ann@example.com', primary: true }],
    active: true,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'finance' },
  });
  assert.equal(made.status, 201);
  assert.equal(made.type, 'application/scim+json');
  const { id: _id, meta: _meta, ...shown } = made.body;
  const id = String(_id);
  assert.deepEqual(shown, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    externalId: 'e-1',
    userName: 'ann@example.com',
    displayName: 'Ann Ames',
    emails: [{ value: 'ann@example.com', type: 'work', primary: true }],
    active: true,
    groups: [],
  });

  const found = await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "ANN@example.com"')}`);
  assert.deepEqual([found.body['totalResults'], resourcesOf(found).map((user) => user['id'])], [1, [id]]);
  const replaced = await scim('PUT', `/Users/${id}`, { userName: 'ann@example.com', displayName: 'Dr Ann Ames' });
  assert.equal(replaced.body['displayName'], 'Dr Ann Ames');
  // As one large directory says it.
  const gone = await scim('PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  assert.equal(gone.body['active'], false);
  const { items } = await owner.listPersons({ query: { q: 'ann' } });
  assert.deepEqual(
    items.map(({ userName, status }) => [userName, status]),
    [['ann@example.com', 'left']],
  );
  const [account] = (await owner.listPeople({ query: { q: 'ann' } })).items;
  assert.deepEqual([account?.isActive, account?.source, account?.roles], [false, 'scim', ['user']]);
  const acts = await owner.listAuditRecords({ query: { objectKind: 'account', objectId: id } });
  assert.deepEqual(
    acts.items.map(({ action, actor }) => [action, actor.name, actor.isToken]),
    [
      ['account.deactivate', 'directory', true],
      ['account.change', 'directory', true],
      ['account.create', 'directory', true],
    ],
  );
});

test('ends the sessions of a user that the directory takes away', async () => {
  const { body } = await scim('POST', '/Users', { userName: 'leaver' });
  const accountId = String(body['id']);
  const { signInToken } = await owner.createPersonLink({ params: { accountId }, body: { reason: 'first sign-in' } });
  const entered = await fetch(`${server.url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: signInToken }),
  });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  assert.equal((await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })).status, 200);

  assert.equal((await scim('DELETE', `/Users/${accountId}`)).status, 204);

  assert.equal((await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })).status, 401);
});

test('gives and takes roles with the members of groups', async () => {
  const user = await scim('POST', '/Users', { userName: 'bob' });
  const id = String(user.body['id']);
  const group = await scim('POST', '/Groups', { displayName: 'Analysts', members: [{ value: id }] });
  assert.equal(group.status, 201);
  assert.deepEqual(await rolesOf('bob'), [['analyst'], []]);

  const leads = await scim('POST', '/Groups', { displayName: 'Finance leads' });
  await scim('PATCH', `/Groups/${String(leads.body['id'])}`, {
    Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }],
  });
  assert.deepEqual(await rolesOf('bob'), [['analyst', 'department-owner'], ['finance']]);
  await scim('PATCH', `/Groups/${String(group.body['id'])}`, {
    Operations: [{ op: 'remove', path: `members[value eq "${id}"]` }],
  });
  assert.deepEqual(await rolesOf('bob'), [['department-owner'], ['finance']]);
  await scim('DELETE', `/Groups/${String(leads.body['id'])}`);
  assert.deepEqual(await rolesOf('bob'), [['user'], []]);
});

test('leaves local accounts alone', async () => {
  const taken = await scim('POST', '/Users', { userName: 'Owner' });
  assert.deepEqual([taken.status, taken.body['scimType']], [409, 'uniqueness']);
  const [local] = (await owner.listPeople({ query: { q: 'owner' } })).items;

  for (const method of ['GET', 'DELETE']) assert.equal((await scim(method, `/Users/${local?.id}`)).status, 404, method);
  const group = await scim('POST', '/Groups', { displayName: 'X', members: [{ value: local?.id }] });
  assert.deepEqual([group.status, group.body['scimType']], [400, 'invalidValue']);
});

test('refuses in the words of SCIM', async () => {
  const wrong = await scim('GET', `/Users?filter=${encodeURIComponent('name.familyName co "x"')}`);

  assert.deepEqual(wrong.body, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    detail: 'only these are understood: userName, externalId with eq',
    scimType: 'invalidFilter',
  });
  assert.equal((await scim('POST', '/Users', { displayName: 'nameless' })).status, 400);
  assert.equal((await scim('GET', '/Users/nobody')).status, 404);
});

test('takes a token for people and nothing else', async () => {
  const { cookie } = await server.signIn();
  const reader = await owner.createToken({ body: { name: 'r', service: 'reader', permissions: ['read'] } });
  const statuses = await Promise.all(
    [{}, { cookie }, { authorization: `Bearer ${reader.token}` }, { authorization: `Bearer ${token}` }].map(
      async (headers) =>
        (await fetch(`${server.url}/scim/v2/Users`, { headers: headers as Record<string, string> })).status,
    ),
  );

  assert.deepEqual(statuses, [401, 401, 403, 200]);
});

test('lists page by page', async () => {
  for (const name of ['p1', 'p2', 'p3']) await scim('POST', '/Users', { userName: name });

  const page = await scim('GET', '/Users?startIndex=2&count=2');

  assert.equal(resourcesOf(page).length, 2);
  assert.deepEqual([page.body['startIndex'], page.body['itemsPerPage']], [2, 2]);
});

async function rolesOf(userName: string): Promise<unknown> {
  const [account] = (await owner.listPeople({ query: { q: userName } })).items;
  return [account?.roles, account?.departments];
}

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

async function scim(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${server.url}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

function resourcesOf({ body }: Answer): Record<string, unknown>[] {
  return body['Resources'] as Record<string, unknown>[];
}
