import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { SentinelError } from '@sentinel/protocol';
import { Secret, TOTP } from 'otpauth';
import { makeFolder, postJson, startTestServer, type TestServer, withCookie } from '../testing/test-server.ts';

const PASSWORD = 'four words make a password';
let server: TestServer;
let person: Client;

before(async () => {
  server = await startTestServer();
  person = (await server.signIn()).client;
  await person.setPassword({ body: { password: PASSWORD } });
});
after(() => server.close());
/** A code counts once in 30 seconds; tests do not wait for the next. */
beforeEach(async () => {
  const { control } = server.server.services;
  await control.updateTable('account').set({ totp_step: null }).execute();
});

test('asks for a code once an authenticator app is set up, and takes each code once', async () => {
  const { secret, uri, token } = await person.startTotp({ body: {} });
  assert.match(uri, /^otpauth:\/\/totp\/Sentinel:owner\?issuer=Sentinel&secret=/);
  const { recoveryCodes } = await person.confirmTotp({ body: { token, code: codeOf(secret, -1) } });
  assert.equal(new Set(recoveryCodes).size, 10);

  const first = await password();
  assert.ok('secondFactor' in first);
  const code = codeOf(secret, 0);
  const entered = await finish(first.secondFactor.token, code);
  assert.equal(entered.status, 200);
  assert.match(entered.headers.get('set-cookie') ?? '', /^sentinel_session=/);

  const again = await password();
  assert.ok('secondFactor' in again);
  assert.equal((await finish(again.secondFactor.token, code)).status, 401, 'a code that was used');
  assert.equal((await finish(again.secondFactor.token, recoveryCodes[0] ?? '')).status, 200, 'a recovery code');
  const third = await password();
  assert.ok('secondFactor' in third);
  assert.equal((await finish(third.secondFactor.token, recoveryCodes[0] ?? '')).status, 401, 'which was used');
  assert.equal((await finish(third.secondFactor.token, 'chl_nonsense')).status, 401);
  const { control, audit: _ } = server.server.services;
  const kept = JSON.stringify([
    await control.selectFrom('account').selectAll().execute(),
    await control.selectFrom('recovery_code').selectAll().execute(),
    await control.selectFrom('sign_in_challenge').selectAll().execute(),
    await control.selectFrom('audit_record').selectAll().execute(),
  ]);
  for (const text of [secret, ...recoveryCodes]) assert.ok(!kept.includes(text), 'a secret is kept as it is');
  await control.updateTable('account').set({ totp_step: null }).execute();
  await person.removeTotp({ body: { code: codeOf(secret, 0) } });
  assert.ok(!('secondFactor' in (await password())));
});

test('takes no app away and makes no codes without a code', async () => {
  const { secret, token } = await person.startTotp({ body: {} });
  await person.confirmTotp({ body: { token, code: codeOf(secret, -1) } });

  const wrong = codeOf(secret, 500);
  await assert.rejects(person.removeTotp({ body: { code: wrong } }), isCode('bad-request'));
  await assert.rejects(person.makeRecoveryCodes({ body: { code: wrong } }), isCode('bad-request'));

  const { recoveryCodes } = await person.makeRecoveryCodes({ body: { code: codeOf(secret, 0) } });
  assert.equal((await person.getAccount()).recoveryCodes, recoveryCodes.length);
  await server.server.services.control.updateTable('account').set({ totp_secret: null }).execute();
});

test('sets up no app with a code of another key, or with a token of somebody else', async () => {
  const { token } = await person.startTotp({ body: {} });
  const { secret } = await person.startTotp({ body: {} });

  await assert.rejects(person.confirmTotp({ body: { token, code: codeOf(secret, 0) } }), isCode('bad-request'));
  await assert.rejects(person.confirmTotp({ body: { token: 'chl_x', code: '123456' } }), isCode('conflict'));
  assert.equal((await person.getAccount()).hasTotp, false);
});

test('lists the own sessions and ends one', async () => {
  const other = await server.signIn();
  const { sessions } = await person.getAccount();
  const current = sessions.find(({ isCurrent }) => isCurrent);
  const newest = sessions[0];
  assert.deepEqual([newest?.method, newest?.address, newest?.isCurrent], ['link', '127.0.0.1', false]);
  assert.ok(current !== undefined);

  await person.endOwnSession({ params: { sessionId: newest?.id ?? '' } });

  await assert.rejects(withCookie(server.url, other.cookie).getSession(), isCode('not-signed-in'));
  assert.equal((await person.getSession()).userName, 'owner');
  await assert.rejects(person.endOwnSession({ params: { sessionId: 'nobody' } }), isCode('not-found'));
});

test('keeps a lock over a restart of the server', async () => {
  const data = makeFolder();
  const before = await startTestServer({ data });
  for (let attempt = 0; attempt < 5; attempt++)
    await postJson(`${before.url}/api/v1/session`, { userName: 'Locked', password: 'wrong' });
  await before.close();
  const own = await startTestServer({ data });
  try {
    const response = await postJson(`${own.url}/api/v1/session`, { userName: 'locked', password: 'wrong' });

    assert.equal(response.status, 429);
    const { control } = own.server.services;
    assert.ok(!JSON.stringify(await control.selectFrom('sign_in_lock').selectAll().execute()).includes('ocked"'));
  } finally {
    await own.close();
    rmSync(data, { recursive: true, force: true });
  }
});

function codeOf(secret: string, steps: number): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return totp.generate({ timestamp: Date.now() + steps * 30_000 });
}

async function password() {
  return server.anyone.signIn({ body: { userName: 'owner', password: PASSWORD } });
}

function finish(token: string, code: string): Promise<Response> {
  return postJson(`${server.url}/api/v1/session/second-factor`, { token, code });
}

function isCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SentinelError && error.code === code;
}
