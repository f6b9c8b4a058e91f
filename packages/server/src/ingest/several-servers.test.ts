import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Client, createClient, type EnrolledAgent, enrolAgent } from '@sentinel/client';
import { openControlStore } from '../store/control-store.ts';
import { createEnrolmentToken } from '../store/enrolment-token.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { findPostgres, startPostgres } from '../testing/postgres.ts';
import { ready } from '../testing/ready.ts';
import { makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startClickhouseFace } from '../testing/start-clickhouse-face.ts';
import { facts, postJson, withCookie } from '../testing/test-server.ts';
import { until } from '../testing/until.ts';

const MAIN = join(import.meta.dirname, '../main.ts');
const SERVERS = 3;
const AGENTS = 500;
const AT_ONCE = 24;
/** Every tenth agent's account: what the browsers look at. */
const WATCHED = 'ann';
const isWatched = (agent: number) => agent % 10 === 0;

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
  readonly signInUrl: string;
}

interface Browser {
  readonly seen: Set<string>;
  stop(): Promise<void>;
}

describe('several servers on one PostgreSQL and one event store', () => {
  test(`lose and double nothing of ${AGENTS} agents while each is killed in turn, and show every run live on those that stay`, {
    skip: findPostgres() === undefined && 'PostgreSQL is not installed',
  }, async (t) => {
    const folder = makeFolder();
    const postgres = await startPostgres();
    const face = await startClickhouseFace(join(folder, 'clickhouse'));
    const control = await postgres.createDatabase();
    const servers: Server[] = [];
    const browsers: Browser[] = [];
    t.after(async () => {
      for (const browser of browsers) await browser.stop();
      for (const { process: server } of servers) server.kill('SIGKILL');
      await face.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const start = (place: number) =>
      startServer(join(folder, `server-${place}`), [
        '--control',
        control,
        '--events',
        face.url,
        '--seal-key',
        join(folder, 'seal.key'),
      ]);
    // All at once: one of them makes the tables, the account and the key, the others wait or find them.
    servers.push(...(await Promise.all(Array.from({ length: SERVERS }, (_, place) => start(place)))));
    const cookie = await signIn(servers[0] as Server);

    const store = await openControlStore(control);
    const { token } = await createEnrolmentToken(store, { lifeMs: 600_000, uses: AGENTS, nowMs: Date.now() });
    await store.destroy();
    const agents: EnrolledAgent[] = [];
    await inParallel(range(AGENTS), AT_ONCE, async (agent) => {
      agents[agent] = await enrolAgent({
        baseUrl: (servers[agent % SERVERS] as Server).url,
        token,
        endpoint: { ...facts, hostName: `desk-${agent}` },
      });
    });

    const acknowledged: string[] = [];
    let repeated = 0;
    for (let round = 0; round < SERVERS; round++) {
      const staying = servers.filter((_, place) => place !== round);
      const watching = await Promise.all(staying.map(({ url }) => watch(url, withCookie(url, cookie))));
      browsers.push(...watching);
      const watchedRuns: string[] = [];
      let arrived = 0;
      await inParallel(range(AGENTS), AT_ONCE, async (agent) => {
        const run = makeRun({ user: { name: isWatched(agent) ? WATCHED : 'bob', id: 1 } });
        const activities = [1, 2].map((id) => makeActivity(run.id, id));
        const batch = makeBatch({
          spoolId: agents[agent]?.endpointId ?? '',
          sequence: round + 1,
          runs: [run],
          activities,
        });
        for (let attempt = 0; ; attempt++) {
          if (attempt > 60) throw new Error('a batch was never taken');
          const { url } = servers[(agent + attempt) % SERVERS] as Server;
          const isTaken = await createClient({ baseUrl: url, fetch: agents[agent]?.fetch ?? fetch })
            .sendBatch({ body: batch })
            .then(
              () => true,
              () => false,
            );
          if (isTaken) break;
          repeated++;
          if (attempt >= SERVERS - 1) await new Promise((resolve) => setTimeout(resolve, 100));
        }
        acknowledged.push(run.id);
        if (isWatched(agent)) watchedRuns.push(run.id);
        if (++arrived === Math.floor(AGENTS / 3)) (servers[round] as Server).process.kill('SIGKILL');
      });
      await until(() => watching.every(({ seen }) => watchedRuns.every((id) => seen.has(id))), 20_000).catch(() => {});
      for (const { seen } of watching)
        assert.deepEqual(
          watchedRuns.filter((id) => !seen.has(id)),
          [],
          'runs that a browser was never told of',
        );
      servers[round] = await start(round);
    }

    assert.ok(repeated > 0, 'no batch was under way when a server was killed');
    const found: string[] = [];
    let activities = 0;
    let cursor: string | undefined;
    const person = withCookie((servers[1] as Server).url, cookie);
    do {
      const page = await person.listRuns({ query: { limit: 200, cursor } });
      for (const { id, totals } of page.items) {
        found.push(id);
        activities += totals.activities;
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    assert.equal(found.length, AGENTS * SERVERS);
    assert.deepEqual(found.sort(), acknowledged.sort());
    assert.equal(activities, AGENTS * SERVERS * 2);
  });
});

async function startServer(data: string, args: readonly string[]): Promise<Server> {
  const child = fork(MAIN, ['--data', data, '--port', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  return { process: child, ...(await ready(child)) };
}

async function signIn({ url, signInUrl }: Server): Promise<string> {
  const token = new URL(signInUrl).hash.replace('#token=', '');
  const response = await postJson(`${url}/api/v1/session/link`, { token });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** A browser that looks at one account's runs, on one server. */
async function watch(url: string, client: Client): Promise<Browser> {
  const before = await viewersOf(url);
  const stop = new AbortController();
  const seen = new Set<string>();
  const stream = client.streamRuns({ query: { userName: WATCHED }, signal: stop.signal });
  const reading = (async () => {
    for await (const event of stream) if (event.kind === 'run') seen.add(event.run.id);
  })().catch(() => {});
  await until(async () => (await viewersOf(url)) > before);
  return {
    seen,
    async stop() {
      stop.abort();
      await reading;
    },
  };
}

async function viewersOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^sentinel_stream_viewers (\d+)$/m.exec(metrics)?.[1]);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, place) => place);
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
