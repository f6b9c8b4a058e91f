/**
 * Prints as JSON what a fleet at rest costs: endpoints that beat and keep their channel open, and run nothing.
 *
 *     node packages/server/bench/idle-fleet.ts [--endpoints 1000] [--seconds 20] [--no-channels]
 *     node packages/server/bench/idle-fleet.ts --endpoints 10000 --seconds 120     the target's size
 *
 * Server and store are processes of their own, read from `/proc`; the fleet is in this process, and its own cost is told as well.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { planFleet, readTemplates, SimulatedFleet } from '@sentinel/simulator';
import { startBenchServer } from './bench-server.ts';

const { values } = parseArgs({
  options: {
    endpoints: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    'no-channels': { type: 'boolean', default: false },
    'heartbeat-ms': { type: 'string' },
  },
});
const endpoints = Number(values.endpoints);
const holdsChannels = !values['no-channels'];
/** As the real agent beats while its channel is open, and while it is not. */
const heartbeatMs = Number(values['heartbeat-ms'] ?? (holdsChannels ? 45_000 : 15_000));
const server = await startBenchServer();
const empty = server.rssBytes();
const fleet = new SimulatedFleet({
  baseUrl: server.url,
  token: await server.token(endpoints),
  plan: planFleet({ endpoints, seed: 'idle', templates: readTemplates(), startSpreadMs: 0 }),
  holdsChannels,
  runsScripts: false,
  heartbeatMs,
});
await fleet.enrolAll(16);
fleet.start();
if (holdsChannels) while (fleet.counts.channelsOpen < endpoints) await delay(200);
// The first heartbeats are part of arriving.
await delay(Math.min(heartbeatMs, 5_000));
const [before, own, beats] = [server.cpuMs(), process.cpuUsage(), fleet.counts.heartbeats];
const started = performance.now();
await delay(Number(values.seconds) * 1000);
const durationMs = performance.now() - started;
const [after, { user, system }, rss] = [server.cpuMs(), process.cpuUsage(own), server.rssBytes()];
process.stdout.write(
  `${JSON.stringify({
    endpoints,
    channelsOpen: fleet.counts.channelsOpen,
    heartbeatsPerSecond: Math.round(((fleet.counts.heartbeats - beats) / durationMs) * 1000),
    heartbeatsFailed: fleet.counts.heartbeatsFailed,
    serverCpuShare: share(after.server - before.server),
    storeCpuShare: share(after.store - before.store),
    serverRssMb: megabytes(rss.server),
    serverRssOverEmptyMb: megabytes(rss.server - empty.server),
    fleetCpuShare: share((user + system) / 1000),
    fleetRssMb: megabytes(process.memoryUsage.rss()),
  })}\n`,
);
fleet.stop();
await server.stop();
process.exit(0);

function share(cpuMs: number): number {
  return Math.round((cpuMs / durationMs) * 1000) / 1000;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
