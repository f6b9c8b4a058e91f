/**
 * Prints how quickly a server judges stored history again, stores and findings included, and how quickly it tries the rules
 * of now on it, which reads the same and writes nothing.
 *
 *     node packages/server/bench/judge-history.ts [--runs N] [--agents 8] [--trials 3] [--json]
 *
 * A server of its own in a temporary folder gets runs of 45 activities from some computers, judges them as they come, replays
 * all of them and then tries the rules on all of them, some times; the fastest and the median trial are told.
 * The rules alone, without stores: `node packages/detector/bench/replay.ts`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ago, library, makeActivity, makeBatch, makeRun } from '../src/testing/rows.ts';
import { startTestServer } from '../src/testing/test-server.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    agents: { type: 'string', default: '8' },
    trials: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const RUN_SIZE = 45;
const BATCH_RUNS = 40;
const wanted = Number(values.runs);

const server = await startTestServer();
try {
  const agents = await Promise.all(Array.from({ length: Number(values.agents) }, () => server.enrol()));
  const { client } = await server.signIn();
  await client.importCompany({
    body: {
      source: 'bench',
      places: [{ kind: 'table', match: 'customers', labels: ['customer'] }],
      departments: [],
      responsibilities: [],
    },
  });
  let sequence = 0;
  for (let sent = 0; sent < wanted; sent += BATCH_RUNS) {
    const runs = Array.from({ length: Math.min(BATCH_RUNS, wanted - sent) }, (_, at) =>
      makeRun({
        status: 'ended',
        startedAt: ago(60_000 + (wanted - sent - at)),
        endedAt: ago(50_000),
        script: {
          id: ((sent + at) % 50).toString(16).padStart(32, '0'),
          kind: 'file',
          name: `script${(sent + at) % 50}.py`,
          path: `/home/ann/script${(sent + at) % 50}.py`,
        },
      }),
    );
    sequence += 1;
    await agents[sequence % agents.length]?.client.sendBatch({
      body: makeBatch({
        spoolId: '6a1c3c0e-8b7e-4a70-9d2e-0d3b2b1f0a11',
        sequence,
        runs,
        activities: runs.flatMap(({ id }) =>
          Array.from({ length: RUN_SIZE }, (_, at) =>
            makeActivity(id, at + 1, {
              firstSeen: ago(55_000),
              lastSeen: ago(54_000),
              ...(at < 25 ? { type: 'module.import', attributes: library(`package-${at}`) } : {}),
              ...(at === 25
                ? {
                    type: 'db.query',
                    rows: 40,
                    attributes: {
                      'db.system.name': 'mysql',
                      'db.operation.name': 'SELECT',
                      'db.collection.name': ['customers'],
                    },
                  }
                : {}),
            }),
          ),
        ),
      }),
    });
  }
  const judged = async () => {
    const started = performance.now();
    while ((await client.getBoardAnswer({ params: { category: 'any' } })).coverage.runsWaiting > 0) await delay(50);
    return (performance.now() - started) / 1000;
  };
  await judged();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  await client.replayRuns({ body: { since: ago(3_600_000) } });
  await judged();
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const trials: number[] = [];
  for (let trial = 0; trial < Number(values.trials); trial++) {
    const { activities, seconds: took, isComplete } = await client.tryRules({ body: { since: ago(3_600_000) } });
    if (!isComplete || activities !== wanted * RUN_SIZE) throw new Error(`a trial judged ${activities} activities`);
    trials.push(activities / took);
  }
  trials.sort((a, b) => a - b);
  const result = {
    runs: wanted,
    activities: wanted * RUN_SIZE,
    seconds: Number(seconds.toFixed(2)),
    runsPerSecond: Math.round(wanted / seconds),
    activitiesPerSecond: Math.round((wanted * RUN_SIZE) / seconds),
    trialActivitiesPerSecond: Math.round(trials[trials.length >> 1] ?? 0),
    fastestTrialActivitiesPerSecond: Math.round(trials.at(-1) ?? 0),
    cpuSecondsOfServer: Number(((cpu.user + cpu.system) / 1e6).toFixed(2)),
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `${Object.entries(result)
          .map(([name, value]) => `${name.padEnd(20)} ${value.toLocaleString('en-US')}`)
          .join('\n')}\n`,
  );
} finally {
  await server.close();
}
