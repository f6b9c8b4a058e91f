import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { REPORTING_MS } from './api/endpoints.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { lockData } from './data-lock.ts';
import { DemoRunner } from './demo-runner.ts';
import { createApp } from './http/app.ts';
import { BytesUnderWay } from './ingest/bytes-under-way.ts';
import { GroupCommit } from './ingest/group-commit.ts';
import { Ingest } from './ingest/ingest.ts';
import { RunOwners } from './ingest/run-owners.ts';
import { allJobs } from './jobs/all.ts';
import { runJobs } from './jobs/run-jobs.ts';
import { RunHub } from './live/run-hub.ts';
import { LocalSignals } from './live/signals.ts';
import { addGauges, createMetrics } from './metrics.ts';
import { Simulations } from './policy/simulations.ts';
import type { Services } from './services.ts';
import type { ServerConfig } from './settings.ts';
import { SignInGuard } from './sign-in-guard.ts';
import { ensureOwner } from './store/account.ts';
import { ChdbEventStore } from './store/chdb-event-store.ts';
import { type ControlStore, openControlStore } from './store/control-store.ts';
import { countEndpoints } from './store/endpoint.ts';
import { createEnrolmentToken } from './store/enrolment-token.ts';
import { createSignInLink } from './store/sign-in-link.ts';

const MB = 1024 * 1024;
/** An enrolment token for the agent that starts beside the server need not live long. */
const LOCAL_ENROLMENT_MS = 15 * 60 * 1000;

/** A server that listens. */
export interface RunningServer {
  /** Where people and agents reach it. */
  readonly url: string;
  readonly services: Services;
  /** Makes a new one-time sign-in link. */
  createSignInUrl(): Promise<string>;
  /** Makes a single-use, short-lived enrolment token. */
  createLocalEnrolmentToken(): Promise<string>;
  /** Stops accepting, finishes what is under way, closes the stores. */
  close(): Promise<void>;
}

/**
 * Opens the stores of a data folder, brings them up to date and listens.
 * @throws Error with a sentence for the operator if that cannot be.
 */
export async function startServer(
  config: ServerConfig,
  log: Logger,
  onProgress: (text: string) => void = () => {},
): Promise<RunningServer> {
  const folder = prepareFolder(config.data);
  const undo: (() => void | Promise<void>)[] = [];
  try {
    const lock = lockData(folder);
    undo.push(() => lock.release());
    onProgress('opening the control store');
    const control = await openControlStore(join(folder, 'control.sqlite'));
    undo.push(() => control.destroy());
    onProgress('starting the event store');
    const events = await ChdbEventStore.open(
      { folder: join(folder, 'events'), memoryBytes: config.engineMemoryMb * MB },
      log,
    );
    undo.push(() => events.close());
    await events.migrate();
    const server = await assemble(config, log, control, events, undo);
    onProgress('listening');
    return server;
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function assemble(
  config: ServerConfig,
  log: Logger,
  control: ControlStore,
  events: ChdbEventStore,
  undo: (() => void | Promise<void>)[],
): Promise<RunningServer> {
  const ownerId = await ensureOwner(control, Date.now());
  const signals = new LocalSignals();
  undo.push(() => signals.close());
  const metrics = createMetrics();
  const hub = new RunHub({ store: events, metrics, log });
  const demo = new DemoRunner(config.demoCommand, log);
  const commit = new GroupCommit({
    control,
    events,
    owners: new RunOwners(events),
    metrics,
    log,
    onStored: (ids) => hub.changed(ids),
  });
  const ingest = new Ingest({ control, commit, metrics });
  const underWay = new BytesUnderWay(config.ingestMemoryMb * MB);
  addGauges(metrics, {
    engineRestarts: () => events.restarts,
    streamViewers: () => hub.viewers,
    bytesUnderWay: () => underWay.bytes,
    endpoints: () => countEndpoints(control, Date.now() - REPORTING_MS),
  });
  const simulations = new Simulations(events, log);
  undo.push(() => simulations.close());
  const services: Services = {
    version: packageJson.version,
    control,
    events,
    audit: new AuditTrail(control),
    signals,
    ingest,
    hub,
    demo,
    metrics,
    simulations,
    signInGuard: new SignInGuard(),
    log,
  };
  const jobs = runJobs(allJobs, services);
  undo.push(() => jobs.stop());
  const stopping = new AbortController();
  const app = await createApp({
    services,
    underWay,
    publicUrl: config.publicUrl,
    consoleFolder: config.console,
    stopping: stopping.signal,
  });
  undo.push(async () => {
    stopping.abort();
    await hub.close();
    await demo.close();
    await app.close();
    await commit.settled();
  });
  await listen(app, config);
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const url = config.publicUrl ?? `http://${hostForUrl(config.host)}:${port}`;
  return {
    url,
    services,
    createSignInUrl: async () => `${url}/sign-in#token=${await createSignInLink(control, ownerId, Date.now())}`,
    createLocalEnrolmentToken: async () =>
      (await createEnrolmentToken(control, { lifeMs: LOCAL_ENROLMENT_MS, uses: 1, nowMs: Date.now() })).token,
    async close() {
      for (const step of undo.splice(0).reverse()) await step();
    },
  };
}

function prepareFolder(data: string): string {
  const folder = join(data, 'server');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw new Error(`the data folder "${data}" cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

async function listen(app: Awaited<ReturnType<typeof createApp>>, { host, port }: ServerConfig): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(`port ${port} on ${host} is in use by another program: choose one with --port`, { cause: error });
    throw new Error(`the server cannot listen on ${host}, port ${port}: ${message}`, { cause: error });
  }
}

function hostForUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
