import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type EnrolledAgent, enrolAgent } from '@sentinel/client';
import { createLog } from '../log.ts';
import { ChdbEventStore } from '../store/chdb-event-store.ts';
import { ClickhouseEventStore } from '../store/clickhouse-event-store.ts';
import { openControlStore } from '../store/control-store.ts';
import { createEnrolmentToken } from '../store/enrolment-token.ts';
import type { EventStore } from '../store/event-store.ts';
import { makeFolder } from './make-folder.ts';
import { freePort, type Postgres, startPostgres } from './postgres.ts';
import { ready } from './ready.ts';
import { makeActivity, makeBatch, makeRun } from './rows.ts';
import { type ClickhouseFace, startClickhouseFace } from './start-clickhouse-face.ts';
import { facts } from './test-server.ts';
import { until } from './until.ts';

const MAIN = join(import.meta.dirname, '../main.ts');
const AGENTS = 6;
const ACTIVITIES = 3;

/** What is killed: the server, or a store of it. */
type Victim = 'server' | 'event store' | 'control store';

/** A server with its stores, each of which can be killed and comes back. */
interface World {
  readonly url: string;
  /** Enrols all agents. */
  readonly token: string;
  readonly victims: readonly Victim[];
  kill(victim: Victim): Promise<void>;
  /** Ends the server well; gives its event store. */
  end(): Promise<EventStore>;
}

/**
 * Kills parts of a server at random moments while agents send without a pause, each batch until it is
 * acknowledged; then compares what is stored with what was acknowledged.
 */
export async function testCrashes(t: TestContext, stores: 'embedded' | 'postgres', kills: number): Promise<void> {
  const world = stores === 'embedded' ? await embedded(t) : await onPostgres(t);
  const agents: EnrolledAgent[] = [];
  for (let count = 0; count < AGENTS; count++)
    agents.push(
      await enrolAgent({ baseUrl: world.url, token: world.token, endpoint: { ...facts, hostName: `desk-${count}` } }),
    );
  const acknowledged = new Set<string>();
  let refused = 0;
  const ending = new AbortController();
  const over = ending.signal;
  const sending = agents.map(async (agent) => {
    const client = createClient({ baseUrl: world.url, fetch: agent.fetch });
    for (let sequence = 1; !over.aborted; sequence++) {
      const run = makeRun();
      const activities = Array.from({ length: ACTIVITIES }, (_, id) => makeActivity(run.id, id + 1));
      const body = makeBatch({ spoolId: agent.endpointId, sequence, runs: [run], activities });
      while (
        !(await client.sendBatch({ body }).then(
          () => true,
          () => false,
        ))
      ) {
        refused++;
        await delay(30);
      }
      acknowledged.add(run.id);
    }
  });
  const killed = new Map<Victim, number>();
  try {
    for (let count = 0; count < kills; count++) {
      const before = acknowledged.size;
      // Under load: at least one batch of every agent comes through between two kills.
      await until(() => acknowledged.size >= before + AGENTS, 60_000);
      await delay(randomInt(150));
      const victim = world.victims[count % world.victims.length] as Victim;
      await world.kill(victim);
      killed.set(victim, (killed.get(victim) ?? 0) + 1);
    }
  } finally {
    ending.abort();
  }
  await Promise.all(sending);
  const events = await world.end();
  const stored = await events.query<{ id: string }>('SELECT id FROM run FINAL', {}, { maxRows: 10_000_000 });
  const [counts] = await events.query<{ activities: number; distinct: number }>(
    'SELECT count() AS activities, uniqExact(run_id, id) AS distinct FROM activity FINAL',
  );
  await events.close();
  t.diagnostic(
    `${JSON.stringify(Object.fromEntries(killed))} killed, ${acknowledged.size} batches, ${refused} refusals`,
  );
  assert.ok(refused > 0, 'nothing was under way at any kill');
  assert.equal(stored.length, acknowledged.size);
  assert.deepEqual(new Set(stored.map(({ id }) => id)), acknowledged);
  assert.deepEqual(counts, {
    activities: acknowledged.size * ACTIVITIES,
    distinct: acknowledged.size * ACTIVITIES,
  });
}

async function embedded(t: TestContext): Promise<World> {
  const data = makeFolder();
  const server = await restartable(t, data, []);
  t.after(() => rmSync(data, { recursive: true, force: true }));
  return {
    url: server.url,
    token: await tokenOf(join(data, 'server/control.sqlite')),
    victims: ['server', 'event store'],
    async kill(victim) {
      if (victim === 'server') return server.kill();
      const engine = childOf(server.pid(), 'chdb-engine');
      if (engine !== undefined) process.kill(engine, 'SIGKILL');
    },
    async end() {
      await server.end();
      return ChdbEventStore.open({ folder: join(data, 'server/events'), memoryBytes: 1024 ** 3 }, createLog('silent'));
    },
  };
}

async function onPostgres(t: TestContext): Promise<World> {
  const data = makeFolder();
  const postgres: Postgres = await startPostgres({ isDurable: true });
  const face: ClickhouseFace = await startClickhouseFace(join(data, 'clickhouse'));
  t.after(async () => {
    await face.stop();
    await postgres.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const control = await postgres.createDatabase();
  const server = await restartable(t, data, ['--control', control, '--events', face.url]);
  return {
    url: server.url,
    token: await tokenOf(control),
    victims: ['server', 'event store', 'control store'],
    async kill(victim) {
      if (victim === 'server') return server.kill();
      const store = victim === 'event store' ? face : postgres;
      await store.crash();
      await store.start();
    },
    async end() {
      await server.end();
      return ClickhouseEventStore.open({ url: face.url }, createLog('silent'));
    },
  };
}

/** A server on one port that is started again whenever it was killed. */
async function restartable(t: TestContext, data: string, args: readonly string[]) {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    child = fork(MAIN, ['--data', data, '--port', String(port), ...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    await ready(child);
  };
  const stop = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  t.after(() => stop('SIGKILL'));
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => child?.pid ?? 0,
    async kill() {
      await stop('SIGKILL');
      await start();
    },
    end: () => stop('SIGTERM'),
  };
}

async function tokenOf(place: string): Promise<string> {
  const control = await openControlStore(place);
  const { token } = await createEnrolmentToken(control, { lifeMs: 600_000, uses: AGENTS, nowMs: Date.now() });
  await control.destroy();
  return token;
}

/** A child process by a word of its command line. */
function childOf(pid: number, word: string): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return children.find((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}
