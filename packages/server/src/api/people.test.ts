import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Client, createClient } from '@sentinel/client';
import { SentinelError } from '@sentinel/protocol';
import { openBreakGlass } from '../identity/break-glass-account.ts';
import { postJson, startTestServer, type TestServer, withCookie } from '../testing/test-server.ts';

let server: TestServer;
let owner: Client;

before(async () => {
  server = await startTestServer();
  owner = (await server.signIn()).client;
});
after(() => server.close());

test('makes an account whose link signs in, and ends all it can do when it is taken away', async () => {
  const { account, signInToken } = await owner.createPerson({
    body: { userName: 'ann', roles: ['analyst'], displayName: 'Ann Ames' },
  });
  const ann = await enter(signInToken);
  assert.deepEqual((await ann.getSession()).roles, ['analyst']);
  assert.equal((await ann.listRuns()).total, 0);
  await assert.rejects(ann.listPeople(), isCode('not-allowed'));

  await owner.updatePerson({ params: { accountId: account.id }, body: { roles: ['viewer', 'approver'] } });
  assert.deepEqual((await ann.getSession()).roles, ['viewer', 'approver']);
  const after = await owner.updatePerson({
    params: { accountId: account.id },
    body: { isActive: false, reason: 'left the company' },
  });

  assert.deepEqual([after.isActive, after.sessions], [false, 0]);
  await assert.rejects(ann.getSession(), isCode('not-signed-in'));
  const { items } = await owner.listAuditRecords({ query: { objectKind: 'account', objectId: account.id } });
  assert.deepEqual(
    items.map(({ action, actor, reason }) => [action, actor.name, reason]),
    [
      ['account.change', 'owner', 'left the company'],
      ['account.change', 'owner', undefined],
      ['session.start', 'ann', undefined],
      ['account.create', 'owner', undefined],
    ],
  );
});

test('takes a name once, whatever its case', async () => {
  await owner.createPerson({ body: { userName: 'Bob', roles: ['viewer'] } });

  await assert.rejects(owner.createPerson({ body: { userName: 'bob', roles: ['viewer'] } }), isCode('conflict'));
});

test('lets an admin hand out nothing that watches admins, and nobody change their own roles', async () => {
  const { account: adminAccount, signInToken } = await owner.createPerson({
    body: { userName: 'adam', roles: ['admin'] },
  });
  const admin = await enter(signInToken);
  const { account: clerk } = await admin.createPerson({ body: { userName: 'clerk', roles: ['analyst'] } });
  const { account: auditor } = await owner.createPerson({ body: { userName: 'aud', roles: ['auditor'] } });

  for (const roles of [['owner'], ['admin'], ['approver'], ['auditor'], ['privacy-officer', 'viewer']] as const)
    await assert.rejects(
      admin.updatePerson({ params: { accountId: clerk.id }, body: { roles: [...roles] } }),
      isCode('not-allowed'),
      roles.join(),
    );
  const own = { accountId: adminAccount.id };
  await assert.rejects(admin.updatePerson({ params: own, body: { roles: ['owner'] } }), isCode('not-allowed'));
  const reason = { reason: 'forgot the password' };
  await assert.rejects(
    admin.createPersonLink({ params: { accountId: auditor.id }, body: reason }),
    isCode('not-allowed'),
  );
  assert.match((await admin.createPersonLink({ params: { accountId: clerk.id }, body: reason })).signInToken, /^lnk_/);
});

test('keeps the last owner', async () => {
  const { items } = await owner.listPeople({ query: { q: 'owner' } });
  const accountId = items[0]?.id ?? '';

  await assert.rejects(owner.updatePerson({ params: { accountId }, body: { isActive: false } }), isCode('conflict'));
});

test('makes a token that does what it was given until it is revoked', async () => {
  const made = await owner.createToken({
    body: { name: 'nightly export', service: 'exporter', permissions: ['read'], expiresInDays: 30 },
  });
  const service = createClient({ baseUrl: server.url, credential: made.token });
  assert.match(made.token, /^sntl_[\w-]{43}$/);
  assert.equal((await service.listRuns()).total, 0);
  await assert.rejects(service.listTokens(), isCode('not-allowed'));

  const listed = (await owner.listTokens()).items.find(({ id }) => id === made.id);
  assert.deepEqual(
    [listed?.userName, listed?.kind, listed?.permissions, listed?.lastAddress, 'token' in (listed ?? {})],
    ['exporter', 'service', ['read'], '127.0.0.1', false],
  );
  await owner.revokeToken({ params: { tokenId: made.id } });
  await assert.rejects(service.listRuns(), isCode('not-signed-in'));
});

test('hands out no token beyond its maker, and none to a service that takes a person', async () => {
  const { signInToken } = await owner.createPerson({ body: { userName: 'tom', roles: ['admin'] } });
  const admin = await enter(signInToken);

  await assert.rejects(
    admin.createToken({ body: { name: 'x', service: 'x', permissions: ['audit.read'] } }),
    isCode('not-allowed'),
  );
  await assert.rejects(
    owner.createToken({ body: { name: 'x', service: 'x', permissions: ['script.approve'] } }),
    isCode('bad-request'),
  );
  await assert.rejects(
    owner.createToken({ body: { name: 'x', service: 'tom', permissions: ['read'] } }),
    isCode('conflict'),
  );
});

test('narrows a token of a person as the person is narrowed', async () => {
  const { account, signInToken } = await owner.createPerson({ body: { userName: 'nora', roles: ['admin'] } });
  const nora = await enter(signInToken);
  const { token } = await nora.createToken({ body: { name: 'own', permissions: ['read', 'people.manage'] } });
  const byToken = createClient({ baseUrl: server.url, credential: token });
  await byToken.listPeople();

  await owner.updatePerson({ params: { accountId: account.id }, body: { roles: ['viewer'] } });

  await assert.rejects(byToken.listPeople(), isCode('not-allowed'));
  assert.equal((await byToken.listRuns()).total, 0);
});

test('opens the emergency account by a link from the machine, for an hour, and says so', async () => {
  const { control } = server.server.services;
  const token = await openBreakGlass(control, { reason: 'provider down', osUser: 'root', nowMs: Date.now() });
  const client = await enter(token);
  const session = await client.getSession();

  assert.deepEqual([session.userName, session.isBreakGlass, session.roles], ['break-glass', true, ['owner']]);
  assert.ok(Date.parse(session.expiresAt) - Date.now() <= 3_600_000);
  const { items } = await owner.listAuditRecords({ query: { action: 'break-glass' } });
  assert.deepEqual(
    items.map(({ action, actor, reason }) => [action, actor.name, reason]),
    [['break-glass.open', 'root', 'provider down']],
  );
  await openBreakGlass(control, { reason: 'again', osUser: 'root', nowMs: Date.now() });
  await assert.rejects(client.getSession(), isCode('not-signed-in'));
});

async function enter(token: string | undefined): Promise<Client> {
  const response = await postJson(`${server.url}/api/v1/session/link`, { token });
  assert.equal(response.status, 200);
  return withCookie(server.url, response.headers.get('set-cookie')?.split(';')[0] ?? '');
}

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SentinelError && error.code === code;
}
