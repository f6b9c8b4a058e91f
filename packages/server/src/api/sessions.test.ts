import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SentinelError } from '@sentinel/protocol';
import { SESSION_MS } from '../store/session.ts';
import { createSignInLink, SIGN_IN_LINK_MS } from '../store/sign-in-link.ts';
import { postJson, startTestServer, type TestServer, withCookie } from '../testing/test-server.ts';

const PASSWORD = 'correct horse battery staple';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

test('signs in with a link once', async () => {
  const token = tokenOf(await server.server.createSignInUrl());

  const response = await postJson(`${server.url}/api/v1/session/link`, { token });
  const again = await postJson(`${server.url}/api/v1/session/link`, { token });

  const cookie = response.headers.get('set-cookie') ?? '';
  assert.match(cookie, /^sentinel_session=ses_[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  const session = (await response.json()) as {
    userName: string;
    role: string;
    hasPassword: boolean;
    expiresAt: string;
  };
  assert.deepEqual([session.userName, session.role, session.hasPassword], ['owner', 'owner', false]);
  assert.ok(Math.abs(Date.parse(session.expiresAt) - Date.now() - SESSION_MS) < 10_000);
  assert.equal(again.status, 401);
});

test('takes no link after its time', async () => {
  const { control } = server.server.services;
  const { id } = await control.selectFrom('account').select('id').executeTakeFirstOrThrow();
  const token = await createSignInLink(control, id, Date.now() - SIGN_IN_LINK_MS);

  assert.equal((await postJson(`${server.url}/api/v1/session/link`, { token })).status, 401);
});

test('keeps no secret as it is', async () => {
  const { cookie } = await server.signIn();
  const { key } = await server.enrol();
  const { control } = server.server.services;

  const everything = JSON.stringify([
    await control.selectFrom('session').selectAll().execute(),
    await control.selectFrom('sign_in_link').selectAll().execute(),
    await control.selectFrom('endpoint').selectAll().execute(),
    await control.selectFrom('enrolment_token').selectAll().execute(),
  ]);

  assert.ok(!everything.includes(cookie.replace('sentinel_session=', '')));
  assert.ok(everything.includes(key.publicKey), 'of a key, the public half');
  assert.doesNotMatch(everything, /"(ses|lnk|agt|enr)_/);
});

test('sets a password, signs in with it and ends the other sessions', async () => {
  const first = await server.signIn();
  const second = await server.signIn();

  assert.equal((await first.client.setPassword({ body: { password: PASSWORD } })).hasPassword, true);

  await assert.rejects(second.client.getSession(), isCode('not-signed-in'));
  assert.equal((await first.client.getSession()).hasPassword, true);
  const response = await postJson(`${server.url}/api/v1/session`, { userName: 'owner', password: PASSWORD });
  assert.equal(response.status, 200);
  const { control } = server.server.services;
  const { password_hash } = await control.selectFrom('account').select('password_hash').executeTakeFirstOrThrow();
  assert.match(password_hash ?? '', /^scrypt\$131072\$8\$1\$/);
});

test('refuses a short password', async () => {
  const { client } = await server.signIn();

  await assert.rejects(
    client.setPassword({ body: { password: 'short' } }),
    /password: must have at least 15 characters/,
  );
});

test('ends a session at sign-out', async () => {
  const { client, cookie } = await server.signIn();

  await client.signOut();

  await assert.rejects(withCookie(server.url, cookie).getSession(), isCode('not-signed-in'));
});

test('refuses a wrong password and an unknown name with the same words, then locks the name', async () => {
  for (const userName of ['owner', 'nobody']) {
    const answers = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      const response = await postJson(`${server.url}/api/v1/session`, { userName, password: `wrong ${attempt}` });
      const { code, detail } = (await response.json()) as { code: string; detail: string };
      answers.push(`${response.status} ${code} ${detail}`);
    }
    assert.deepEqual(answers, [
      ...Array.from({ length: 5 }, () => '401 not-signed-in The sign-in was refused.'),
      '429 too-many-requests Too many failed sign-ins with this name.',
    ]);
  }
  const { client } = await server.signIn();
  assert.equal((await client.getSession()).userName, 'owner');
});

test('limits sign-ins from one address', async () => {
  const own = await startTestServer();
  try {
    const statuses = [];
    for (let attempt = 0; attempt < 32; attempt++) {
      statuses.push(await postJson(`${own.url}/api/v1/session/link`, { token: 'x' }));
    }
    assert.deepEqual(statuses.map(({ status }) => status).slice(29), [401, 429, 429]);
    assert.ok(Number(statuses.at(-1)?.headers.get('retry-after')) > 0);
  } finally {
    await own.close();
  }
});

function tokenOf(url: string): string {
  return new URL(url).hash.replace('#token=', '');
}

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SentinelError && error.code === code;
}
