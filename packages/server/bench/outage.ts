/**
 * Prints as JSON how long a fleet's backlog takes to drain on top of live load after the server was away.
 *
 *     node packages/server/bench/outage.ts [--endpoints 100] [--away-seconds 20] [--rate 60]
 *     node packages/server/bench/outage.ts --endpoints 1000 --away-seconds 3600 --rate 6    an hour at 1:10 of 10,000
 *
 * The server is stopped and started again on its folder and port. What the fleet would ship while it is away waits in the fleet;
 * drained is when nothing of it waits any more. Runs still going on have told nothing yet.
 */
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { planFleet, readTemplates, SimulatedFleet } from '@sentinel/simulator';
import { makeFolder } from '../src/testing/make-folder.ts';
import { startBenchServer } from './bench-server.ts';

const { values } = parseArgs({
  options: {
    endpoints: { type: 'string', default: '100' },
    'away-seconds': { type: 'string', default: '20' },
    'before-seconds': { type: 'string', default: '10' },
    rate: { type: 'string', default: '60' },
  },
});
const endpoints = Number(values.endpoints);
const runsPerHour = Number(values.rate);
const data = makeFolder();
const first = await startBenchServer({ data });
const port = Number(new URL(first.url).port);
const fleet = new SimulatedFleet({
  baseUrl: first.url,
  token: await first.token(endpoints),
  plan: planFleet({
    endpoints,
    seed: 'outage',
    templates: readTemplates(),
    runsPerHour,
    startSpreadMs: 0,
    slowShare: 0,
  }),
  holdsChannels: true,
});
await fleet.enrolAll(16);
fleet.start();
await delay(Number(values['before-seconds']) * 1000);
await first.stop();
await delay(Number(values['away-seconds']) * 1000);
const backlog = fleet.counts.batchesWaiting;
const second = await startBenchServer({ data, port });
const [started, storedBefore] = [performance.now(), fleet.counts.batchesStored];
while (fleet.waitingSince(started) > 0) await delay(100);
const drainMs = performance.now() - started;
const drained = fleet.counts.batchesStored - storedBefore;
fleet.stop();
// What was acknowledged is durable: the runs that the store has are at least those of the acknowledged batches.
const { total } = await second.client.listRuns({ query: { since: '2020-01-01T00:00:00.000Z' } });
process.stdout.write(
  `${JSON.stringify({
    endpoints,
    runsPerHour,
    awaySeconds: Number(values['away-seconds']),
    backlogBatches: backlog,
    drainSeconds: Math.round(drainMs / 100) / 10,
    batchesPerSecond: Math.round((drained / drainMs) * 1000),
    refused: fleet.counts.batchesRefused,
    duplicates: fleet.counts.batchesDuplicate,
    runsOfTheFleet: fleet.counts.runs,
    runsStored: total,
  })}\n`,
);
await second.stop();
rmSync(data, { recursive: true, force: true });
process.exit(0);
