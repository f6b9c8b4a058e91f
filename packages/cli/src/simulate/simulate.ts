import { setTimeout as delay } from 'node:timers/promises';
import { type FleetCounts, fillHistory, planFleet, readTemplates, SimulatedFleet } from '@sentinel/simulator';

/** What `sentinel simulate` was asked for. */
export interface SimulateRequest {
  readonly endpoints: number;
  readonly server: string;
  readonly token: string | undefined;
  readonly seed: string;
  readonly rate: number;
  readonly spread: number;
  readonly failures: number;
  readonly slow: number;
  readonly skewed: number;
  readonly connections: number;
  readonly duration?: number;
  readonly history?: number;
  readonly channels: boolean;
  readonly runs: boolean;
  readonly progress: ((text: string) => void) | undefined;
}

/** What came of it. */
export interface SimulateResult {
  readonly endpoints: number;
  readonly seed: string;
  readonly seconds: number;
  readonly counts: FleetCounts;
  readonly acknowledgedMs?: { readonly p50?: number; readonly p99?: number };
  /** Processor time of this process over the time that passed. */
  readonly cpuShare: number;
  readonly rssMb: number;
}

/**
 * Lives as a fleet until a signal or the end of the duration; or fills days that are over.
 * @throws Error with a sentence if it cannot begin.
 */
export async function simulate(request: SimulateRequest): Promise<SimulateResult> {
  const { server, token, endpoints, seed, progress } = request;
  if (token === undefined || token === '')
    throw new Error('no token: make an enrolment token with enough uses on the Machines page and give it with --token');
  if (!/^https?:\/\//.test(server)) throw new Error(`--server is no http or https address: ${server}`);
  const baseUrl = server.replace(/\/+$/, '');
  await reach(baseUrl);
  const plan = planFleet({
    endpoints,
    seed,
    templates: readTemplates(),
    runsPerHour: request.rate,
    startSpreadMs: request.spread * 1000,
    failureShare: request.failures,
    slowShare: request.slow,
    skewShare: request.skewed,
  });
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const stopping = signalled();
  const result = (counts: FleetCounts, acknowledgedMs?: SimulateResult['acknowledgedMs']): SimulateResult => {
    const seconds = (performance.now() - startedMs) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      endpoints,
      seed,
      seconds: Math.round(seconds * 10) / 10,
      counts,
      ...(acknowledgedMs === undefined ? {} : { acknowledgedMs }),
      cpuShare: Math.round(((user + system) / 1e6 / seconds) * 1000) / 1000,
      rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    };
  };
  if (request.history !== undefined) {
    const counts = await fillHistory({
      baseUrl,
      token,
      plan,
      days: request.history,
      signal: stopping.signal,
      onProgress: (now) => progress?.(`${now.enrolled} of ${endpoints} endpoints, ${now.rowsStored} rows`),
    });
    return result(counts);
  }
  const fleet = new SimulatedFleet({
    baseUrl,
    token,
    plan,
    holdsChannels: request.channels,
    runsScripts: request.runs,
    maxConnections: request.connections,
  });
  fleet.start();
  const ends = request.duration === undefined ? Number.POSITIVE_INFINITY : startedMs + request.duration * 1000;
  while (!stopping.signal.aborted && performance.now() < ends) {
    await delay(Math.min(1000, Math.max(1, ends - performance.now())), undefined, { signal: stopping.signal }).catch(
      () => undefined,
    );
    const { enrolled, rowsStored, batchesWaiting, channelsOpen } = fleet.counts;
    progress?.(`${enrolled} enrolled, ${channelsOpen} channels, ${rowsStored} rows, ${batchesWaiting} waiting`);
  }
  const [p50, p99] = [fleet.acknowledged.share(0.5), fleet.acknowledged.share(0.99)];
  const told = result(
    { ...fleet.counts },
    { ...(p50 === undefined ? {} : { p50 }), ...(p99 === undefined ? {} : { p99 }) },
  );
  fleet.stop();
  return told;
}

async function reach(baseUrl: string): Promise<void> {
  try {
    await fetch(`${baseUrl}/api/v1/health`, { signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    throw new Error(`nothing answers at ${baseUrl}`, { cause: error });
  }
}

function signalled(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller;
}
