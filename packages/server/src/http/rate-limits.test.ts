import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Problem } from '@sentinel/protocol';
import { postJson, startTestServer, type TestServer } from '../testing/test-server.ts';

/** The least that the settings allow. */
const PER_MINUTE = 60;
let server: TestServer;

before(async () => {
  server = await startTestServer({ requestsPerMinute: PER_MINUTE });
});
after(() => server.close());

/** Statuses of so many requests one after the other, and the last answer. */
async function statuses(count: number, send: () => Promise<Response>): Promise<{ seen: number[]; last: Response }> {
  const seen: number[] = [];
  let last = await send();
  seen.push(last.status);
  while (seen.length < count) {
    await last.body?.cancel();
    last = await send();
    seen.push(last.status);
  }
  return { seen, last };
}

test('an address gets as many answers of an operation a minute as the settings say, then is told how long to wait', async () => {
  const { seen, last } = await statuses(PER_MINUTE + 1, () => fetch(`${server.url}/api/v1/runs`));

  assert.deepEqual([seen.filter((status) => status === 401).length, seen.at(-1)], [PER_MINUTE, 429]);
  assert.equal(Problem.parse(await last.json()).code, 'too-many-requests');
  assert.ok(Number(last.headers.get('retry-after')) > 0, 'it does not say when to come again');
  const other = await fetch(`${server.url}/api/v1/scripts`);
  assert.equal(other.status, 401, 'one operation uses up what another may');
});

test('a sign-in link is tried thirty times a minute from one address', async () => {
  const { seen } = await statuses(31, () => postJson(`${server.url}/api/v1/session/link`, { token: 'guessed' }));
  assert.deepEqual([seen.filter((status) => status === 429).length, seen.at(-1)], [1, 429]);
});

test('who guesses at tokens of the directory is counted', async () => {
  const { status, headers } = await fetch(`${server.url}/scim/v2/Users`, {
    headers: { authorization: 'Bearer sntl_guessed' },
  });
  assert.deepEqual(
    [status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')],
    [401, '3000', '2999'],
  );
});
