/**
 * Prints as JSON how fast rows go through HTTP with durable acknowledgement, beside the same rows
 * written straight into the same store in the same batches.
 *
 *     node packages/server/bench/ingest.ts [--rows 100000] [--batch 1000] [--agents 4] [--rounds 3]
 *
 * Rounds are interleaved and their medians count. `ratio` is HTTP over straight: 1 would be a server
 * that costs nothing.
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Activity } from '@sentinel/protocol';
import { activityColumns, encodeActivity } from '../src/store/activity.ts';
import { library, makeActivity, makeBatch, makeRun } from '../src/testing/rows.ts';
import { postBatch, startTestServer } from '../src/testing/test-server.ts';

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
  },
});
const [rows, batchRows, agents, rounds] = [values.rows, values.batch, values.agents, values.rounds].map(Number) as [
  number,
  number,
  number,
  number,
];

const server = await startTestServer();
try {
  const { events } = server.server.services;
  const credentials = (await Promise.all(Array.from({ length: agents }, () => server.enrol()))).map(
    ({ credential }) => credential,
  );
  const http: number[] = [];
  const straight: number[] = [];
  for (let round = 0; round < rounds; round++) {
    http.push(await throughHttp(credentials));
    straight.push(await straightIn());
  }
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
      rowsLost: 2 * rounds * rows - stored,
    })}\n`,
  );

  /** Rows a second from several agents, each waiting for its acknowledgement before it sends again. */
  async function throughHttp(credentials: readonly string[]): Promise<number> {
    const batches = makeRows().map((activities) =>
      gzipSync(
        JSON.stringify(
          makeBatch({ spoolId: randomUUID(), runs: [makeRun({ id: activities[0]?.runId ?? '' })], activities }),
        ),
        { level: 1 },
      ),
    );
    const started = performance.now();
    await Promise.all(
      credentials.map(async (credential) => {
        for (let body = batches.pop(); body !== undefined; body = batches.pop()) {
          const response = await postBatch(server.url, credential, body, { 'content-encoding': 'gzip' });
          if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
          await response.arrayBuffer();
        }
      }),
    );
    return (rows / (performance.now() - started)) * 1000;
  }

  /** Rows a second of inserts as large as the groups that so many agents make, encoded before the clock starts. */
  async function straightIn(): Promise<number> {
    const origin = { endpointId: randomUUID(), spoolId: randomUUID(), sequence: 1 };
    const owner = { scriptId: 'a'.repeat(32), userName: 'ann' };
    const lines = makeRows().map((activities) =>
      activities.map((activity) => encodeActivity(activity, origin, owner)).join('\n'),
    );
    const groups: Buffer[] = [];
    for (let start = 0; start < lines.length; start += agents)
      groups.push(Buffer.from(`${lines.slice(start, start + agents).join('\n')}\n`));
    const started = performance.now();
    for (const group of groups) await events.insert({ table: 'activity', columns: activityColumns, lines: group });
    return (rows / (performance.now() - started)) * 1000;
  }
} finally {
  await server.close();
}

/** Activities of realistic kinds, in batches of one run each. */
function makeRows(): Activity[][] {
  return Array.from({ length: Math.ceil(rows / batchRows) }, (_, batch) => {
    const { id } = makeRun();
    const size = Math.min(batchRows, rows - batch * batchRows);
    return Array.from({ length: size }, (_, index) =>
      makeActivity(id, index + 1, kinds[index % kinds.length]?.(index) ?? {}),
    );
  });
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
