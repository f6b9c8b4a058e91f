import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Operation, type OperationId, operations } from '@sentinel/protocol';
import { MARK, makeScopedFleet, maySee, randomPath, type ScopedFleet } from '../testing/scoped-fleet.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { scopeAware } from './scope-aware.ts';

/** `SENTINEL_SCOPE_REQUESTS=10000` walks them all; the suite takes fewer of the same walk. */
const REQUESTS = Number(process.env['SENTINEL_SCOPE_REQUESTS'] ?? 1_000);
const SEED = Number(process.env['SENTINEL_SEED'] ?? 20_261_120);
const AT_ONCE = 8;

let server: TestServer;
let fleet: ScopedFleet;

before(async () => {
  server = await startTestServer();
  fleet = await makeScopedFleet(server);
});
after(() => server.close());

/** What can be asked without changing anything and answers at once. */
const readable = [...scopeAware].filter((id) => {
  const operation: Operation = operations[id];
  return operation.method === 'GET' && operation.stream !== true;
});

test('shows nobody what is not theirs, whatever they ask for', async (t) => {
  const random = mulberry32(SEED);
  const seen = new Map(fleet.viewers.map(({ name }) => [name, new Set<string>()]));
  const statuses = new Map<string, number>();
  const foreign: string[] = [];
  let asked = 0;
  const ask = async (): Promise<void> => {
    while (asked < REQUESTS) {
      asked++;
      const viewer = fleet.viewers[Math.floor(random() * fleet.viewers.length)];
      const id = readable[Math.floor(random() * readable.length)] as OperationId;
      if (viewer === undefined) continue;
      const path = randomPath(id, fleet.words, random);
      const response = await fetch(server.url + path, { headers: viewer.headers });
      const text = await response.text();
      statuses.set(`${id} ${response.status}`, (statuses.get(`${id} ${response.status}`) ?? 0) + 1);
      if (response.status >= 500) foreign.push(`${response.status} for ${path}: ${text}`);
      for (const [mark] of text.matchAll(MARK)) {
        if (!maySee(viewer, mark)) foreign.push(`${viewer.name} saw ${mark} in ${path}`);
        else seen.get(viewer.name)?.add(mark);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));

  t.diagnostic(
    `${asked} requests, seed ${SEED}; ${[...statuses].map(([what, count]) => `${what}: ${count}`).join(', ')}`,
  );
  assert.deepEqual(foreign, []);
  // The walk itself can see: everybody saw all that is theirs.
  for (const viewer of fleet.viewers)
    for (const mark of viewer.marks) assert.ok(seen.get(viewer.name)?.has(mark), `${viewer.name} saw ${mark}`);
});

test('counts within the scope', async () => {
  const numbers = await Promise.all(
    fleet.viewers.map(async ({ name, headers }) => {
      const read = async (path: string) =>
        (await (await fetch(`${server.url}/api/v1${path}`, { headers })).json()) as Record<string, unknown>;
      const [runs, scripts, machines, overview, shared] = await Promise.all([
        read('/runs'),
        read('/scripts'),
        read('/endpoints'),
        read('/overview'),
        read(`/scripts/${'e'.repeat(32)}`),
      ]);
      const known = overview['endpoints'] as { known: number } | undefined;
      return [
        name,
        runs['total'],
        scripts['total'],
        machines['total'],
        known?.known,
        overview['runs24h'],
        shared['runs'],
      ];
    }),
  );

  assert.deepEqual(numbers, [
    ['owner of finance', 12, 7, 2, 2, 12, 6],
    ['owner of two', 24, 13, 4, 4, 24, 12],
    ['owner of none', 0, 0, 0, 0, 0, undefined],
    ['user ann', 12, 7, 6, 6, 12, 6],
    ['user without account', 0, 0, 0, 0, 0, undefined],
    ['bob, owner of clinic', 20, 11, 6, 6, 20, 10],
    ['service of factory', 12, 7, 2, 2, 12, 6],
  ]);
});

test('takes a change of department into account at once', async () => {
  const { client } = await server.signIn();
  const viewer = fleet.viewers[0];
  const total = async () =>
    ((await (await fetch(`${server.url}/api/v1/runs`, { headers: viewer?.headers ?? {} })).json()) as { total: number })
      .total;
  const endpointId = fleet.words.endpointIds[0] ?? '';
  assert.equal(await total(), 12);

  await client.setEndpointDepartment({ params: { endpointId }, body: { department: 'clinic' } });

  assert.equal(await total(), 6);
  await client.setEndpointDepartment({ params: { endpointId }, body: { department: 'finance' } });
});

test('refuses what does not answer within a scope', async () => {
  const others = (Object.values(operations) as Operation[]).filter(
    ({ id, method, permission }) => method === 'GET' && permission === 'read' && !scopeAware.has(id as OperationId),
  );
  assert.ok(others.length > 0);
  for (const { id, path } of others) {
    const filled = path.replaceAll(/:\w+/g, () => randomUUID());
    const response = await fetch(`${server.url}/api/v1${filled}`, { headers: fleet.viewers[0]?.headers ?? {} });
    assert.equal(response.status, 403, id);
  }
});

/** A small generator with a seed. Source: Tommy Ettinger, mulberry32, public domain. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
