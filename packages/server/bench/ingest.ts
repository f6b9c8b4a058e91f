/**
 * Prints as JSON how fast rows go through HTTP with durable acknowledgement, beside the same rows
 * written straight into the same store, runs and activities, in groups as large as so many agents make.
 *
 *     node packages/server/bench/ingest.ts [--rows 100000] [--batch 1000] [--agents 4] [--rounds 3]
 *
 * Then 20 agents send `--paced-rate` rows a second in batches of 200 for `--paced-seconds`, and how long their
 * acknowledgements take is told.
 *
 * Rounds are interleaved and their medians count. `ratio` is HTTP over straight: 1 would be a server
 * that costs nothing.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Activity } from '@sentinel/protocol';
import { activityColumns, encodeActivity } from '../src/store/activity.ts';
import { encodeRun, runColumns } from '../src/store/run.ts';
import { library, makeActivity, makeBatch, makeRun } from '../src/testing/rows.ts';
import { postBatch, startTestServer, type TestAgent } from '../src/testing/test-server.ts';

/** Activities as they come: files, imports, connections, statements. */
const kinds: readonly ((index: number) => Partial<Activity>)[] = [
  (index) => ({
    attributes: {
      'file.path': `/srv/share/finance/2026/month-${index % 12}/ledger-${index}.csv`,
      'sentinel.file.operation': 'read',
    },
  }),
  (index) => ({ type: 'module.import', attributes: library(`package-${index % 200}`, '1.2.3') }),
  (index) => ({
    type: 'net.connect',
    attributes: {
      'server.address': `host-${index % 50}.example.com`,
      'server.port': 443,
      'network.transport': 'tcp',
      'network.peer.address': '10.0.0.7',
    },
    bytesIn: index * 10,
    bytesOut: index,
  }),
  (index) => ({
    type: 'db.query',
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': 'erp',
      'db.operation.name': 'SELECT',
      'db.collection.name': `table_${index % 40}`,
      'db.query.summary': 'SELECT * FROM t WHERE id = ?',
    },
    rows: index,
  }),
];

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    batch: { type: 'string', default: '1000' },
    agents: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    'paced-rate': { type: 'string', default: '10000' },
    'paced-seconds': { type: 'string', default: '10' },
  },
});
const [rows, batchRows, agents, rounds] = [values.rows, values.batch, values.agents, values.rounds].map(Number) as [
  number,
  number,
  number,
  number,
];

const PACED_BATCH_ROWS = 200;
const PACED_AGENTS = 20;

const server = await startTestServer();
try {
  const { events } = server.server.services;
  const enrolled = await Promise.all(Array.from({ length: agents }, () => server.enrol()));
  const http: number[] = [];
  const straight: number[] = [];
  for (let round = 0; round < rounds; round++) {
    http.push(await throughHttp(enrolled));
    straight.push(await straightIn());
  }
  const paced = await atPace(Number(values['paced-rate']), Number(values['paced-seconds']));
  const [{ stored } = { stored: 0 }] = await events.query<{ stored: number }>(
    'SELECT count() AS stored FROM activity FINAL',
  );
  process.stdout.write(
    `${JSON.stringify({
      rows,
      batchRows,
      agents,
      rounds,
      httpRowsPerSecond: Math.round(median(http)),
      straightRowsPerSecond: Math.round(median(straight)),
      ratio: Number((median(http) / median(straight)).toFixed(3)),
      rowsLost: 2 * rounds * rows + paced.rows - stored,
      paced,
    })}\n`,
  );

  /** Rows a second from several agents, each waiting for its acknowledgement before it sends again. */
  async function throughHttp(enrolled: readonly TestAgent[]): Promise<number> {
    const batches = makeRows(rows, batchRows).map(bodyOf);
    const started = performance.now();
    await Promise.all(
      enrolled.map(async (agent) => {
        for (let body = batches.pop(); body !== undefined; body = batches.pop()) {
          const response = await postBatch(server.url, agent, body, { 'content-encoding': 'gzip' });
          if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
          await response.arrayBuffer();
        }
      }),
    );
    return (rows / (performance.now() - started)) * 1000;
  }

  /** How long acknowledgements take while so many rows a second come; a batch is due whether or not others are answered. */
  async function atPace(rowsPerSecond: number, seconds: number) {
    const batches = makeRows(rowsPerSecond * seconds, PACED_BATCH_ROWS).map(bodyOf);
    const everyMs = (PACED_BATCH_ROWS / rowsPerSecond) * 1000;
    const agents = await Promise.all(Array.from({ length: PACED_AGENTS }, () => server.enrol()));
    const startMs = performance.now();
    const taken = await Promise.all(
      batches.map(async (body, index) => {
        const dueMs = startMs + index * everyMs;
        await delay(Math.max(0, dueMs - performance.now()));
        const response = await postBatch(server.url, agents[index % agents.length] as TestAgent, body, {
          'content-encoding': 'gzip',
        });
        if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
        await response.arrayBuffer();
        return performance.now() - dueMs;
      }),
    );
    const elapsedMs = performance.now() - startMs;
    taken.sort((a, b) => a - b);
    const share = (part: number) => Math.round(taken[Math.floor(part * (taken.length - 1))] ?? 0);
    return {
      rows: rowsPerSecond * seconds,
      rowsPerSecond: Math.round((rowsPerSecond * seconds * 1000) / elapsedMs),
      acknowledgedP50Ms: share(0.5),
      acknowledgedP99Ms: share(0.99),
    };
  }

  /** Rows a second of the same inserts, encoded before the clock starts. */
  async function straightIn(): Promise<number> {
    const origins = Array.from({ length: agents }, () => ({
      endpointId: randomUUID(),
      spoolId: randomUUID(),
      sequence: 1,
    }));
    const owner = { scriptId: 'a'.repeat(32), userName: 'ann' };
    const batches = makeRows(rows, batchRows).map((activities, index) => {
      const origin = origins[index % agents] as (typeof origins)[number];
      return {
        run: encodeRun(makeRun({ id: activities[0]?.runId ?? '' }), origin),
        activities: activities.map((activity) => encodeActivity(activity, origin, owner)).join('\n'),
      };
    });
    const groups: { runs: Buffer; activities: Buffer }[] = [];
    for (let start = 0; start < batches.length; start += agents) {
      const group = batches.slice(start, start + agents);
      groups.push({
        runs: Buffer.from(`${group.map(({ run }) => run).join('\n')}\n`),
        activities: Buffer.from(`${group.map(({ activities }) => activities).join('\n')}\n`),
      });
    }
    const started = performance.now();
    for (const { runs, activities } of groups) {
      await Promise.all([
        events.insert({ table: 'run', columns: runColumns, lines: runs }),
        events.insert({ table: 'activity', columns: activityColumns, lines: activities }),
      ]);
    }
    return (rows / (performance.now() - started)) * 1000;
  }
} finally {
  await server.close();
}

/** Activities of realistic kinds, in batches of one run each. */
function makeRows(all: number, ofBatch: number): Activity[][] {
  return Array.from({ length: Math.ceil(all / ofBatch) }, (_, batch) => {
    const { id } = makeRun();
    const size = Math.min(ofBatch, all - batch * ofBatch);
    return Array.from({ length: size }, (_, index) =>
      makeActivity(id, index + 1, kinds[index % kinds.length]?.(index) ?? {}),
    );
  });
}

function bodyOf(activities: Activity[]): Buffer<ArrayBuffer> {
  const runs = [makeRun({ id: activities[0]?.runId ?? '' })];
  return gzipSync(JSON.stringify(makeBatch({ spoolId: randomUUID(), runs, activities })), { level: 1 });
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
