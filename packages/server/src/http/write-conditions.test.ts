import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Problem } from '@sentinel/protocol';
import { postJson, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let cookie: string;

before(async () => {
  server = await startTestServer();
  cookie = (await server.signIn()).cookie;
});
after(() => server.close());

const api = (path: string) => `${server.url}/api/v1${path}`;

test('carries a request with an idempotency key out once, and answers the same again', async () => {
  const headers = { cookie, 'idempotency-key': 'k-1' };
  const first = await postJson(api('/enrolment-tokens'), { uses: 3 }, headers);
  const second = await postJson(api('/enrolment-tokens'), { uses: 3 }, headers);

  assert.deepEqual([first.status, second.status, second.headers.get('idempotency-replayed')], [200, 200, 'true']);
  const made = (await first.json()) as { token: string };
  const again = (await second.json()) as unknown;
  assert.deepEqual(made, again);
  const { control } = server.server.services;
  assert.equal(
    (await control.selectFrom('enrolment_token').selectAll().where('uses_left', '=', 3).execute()).length,
    1,
  );
  const kept = JSON.stringify(await control.selectFrom('idempotency_key').selectAll().execute());
  assert.ok(!kept.includes(made.token), 'a secret is kept as it is');
});

test('carries it out once when it comes several times at once', async () => {
  const headers = { cookie, 'idempotency-key': 'k-2' };
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => postJson(api('/enrolment-tokens'), { uses: 5 }, headers)),
  );

  for (const { status } of answers) assert.ok(status === 200 || status === 409, String(status));
  const { control } = server.server.services;
  assert.equal(
    (await control.selectFrom('enrolment_token').selectAll().where('uses_left', '=', 5).execute()).length,
    1,
  );
});

test('takes a key for one request only, and again after a refusal', async () => {
  const headers = { cookie, 'idempotency-key': 'k-3' };
  assert.equal((await postJson(api('/enrolment-tokens'), { uses: 0 }, headers)).status, 400);
  assert.equal((await postJson(api('/enrolment-tokens'), { uses: 7 }, headers)).status, 200);

  const other = await postJson(api('/enrolment-tokens'), { uses: 8 }, headers);

  assert.equal(other.status, 409);
  assert.match(Problem.parse(await other.json()).detail, /another request/);
});

test('gives every answer a tag, and nothing to who has it already', async () => {
  const first = await fetch(api('/people'), { headers: { cookie } });
  const tag = first.headers.get('etag') ?? '';
  assert.match(tag, /^"[\w-]{27}"$/);

  const same = await fetch(api('/session'), { headers: { cookie } });
  const again = await fetch(api('/session'), {
    headers: { cookie, 'if-none-match': same.headers.get('etag') ?? '' },
  });
  const changed = await fetch(api('/session'), { headers: { cookie, 'if-none-match': '"other"' } });

  assert.deepEqual([again.status, await again.text(), changed.status], [304, '', 200]);
});

test('changes nothing that somebody else changed meanwhile', async () => {
  const { account } = (await (
    await postJson(api('/people'), { userName: 'ann', roles: ['viewer'] }, { cookie })
  ).json()) as { account: { id: string } };
  const path = `/people/${account.id}`;
  const tag = (await fetch(api(path), { headers: { cookie } })).headers.get('etag') ?? '';
  const put = (displayName: string) =>
    fetch(api(path), {
      method: 'PUT',
      headers: { cookie, 'content-type': 'application/json', 'if-match': tag },
      body: JSON.stringify({ displayName }),
    });

  const [mine, theirs] = [await put('Ann Ames'), await put('Ann Other')];

  assert.deepEqual([mine.status, theirs.status], [200, 412]);
  assert.equal(Problem.parse(await theirs.json()).code, 'precondition-failed');
  const shown = (await (await fetch(api(path), { headers: { cookie } })).json()) as { displayName: string };
  assert.equal(shown.displayName, 'Ann Ames');
});
