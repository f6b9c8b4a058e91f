/**
 * Prints as JSON how many endpoints enrol in a second: key made, proof signed, request answered, endpoint durable.
 *
 *     node packages/server/bench/enrolment.ts [--endpoints 2000] [--at-once 16]
 *
 * The generator, in this process, makes a key and a proof for each: `generatorCpuShare` says how busy it was.
 */
import { parseArgs } from 'node:util';
import { planFleet, readTemplates, SimulatedFleet } from '@sentinel/simulator';
import { startBenchServer } from './bench-server.ts';

const { values } = parseArgs({
  options: { endpoints: { type: 'string', default: '2000' }, 'at-once': { type: 'string', default: '16' } },
});
const endpoints = Number(values.endpoints);
const server = await startBenchServer();
const plan = planFleet({ endpoints, seed: 'enrolment', templates: readTemplates() });
const fleet = new SimulatedFleet({ baseUrl: server.url, token: await server.token(endpoints), plan });
const before = server.cpuMs();
const own = process.cpuUsage();
const durationMs = await fleet.enrolAll(Number(values['at-once']));
const after = server.cpuMs();
const { user, system } = process.cpuUsage(own);
const { total } = await server.client.listEndpoints();
process.stdout.write(
  `${JSON.stringify({
    endpoints,
    atOnce: Number(values['at-once']),
    enrolledPerSecond: Math.round((endpoints / durationMs) * 1000),
    serverCpuShare: round((after.server - before.server) / durationMs),
    generatorCpuShare: round((user + system) / 1000 / durationMs),
    failed: fleet.counts.enrolmentsFailed,
    known: total,
  })}\n`,
);
fleet.stop();
await server.stop();
process.exit(0);

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
