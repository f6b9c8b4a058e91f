import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import type { Server as HttpsServer } from 'node:https';
import { join } from 'node:path';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { REPORTING_MS } from './api/endpoints.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { AgentChannels } from './channel/agent-channels.ts';
import { AgentDoor } from './channel/agent-door.ts';
import { BundleShelf } from './channel/bundle-shelf.ts';
import { lockData } from './data-lock.ts';
import { takeDemoCompany } from './demo-company.ts';
import { DemoRunner } from './demo-runner.ts';
import { createApp } from './http/app.ts';
import { SignInLock } from './identity/sign-in-lock.ts';
import { BytesUnderWay } from './ingest/bytes-under-way.ts';
import { GroupCommit } from './ingest/group-commit.ts';
import { Ingest } from './ingest/ingest.ts';
import { RunOwners } from './ingest/run-owners.ts';
import { allJobs } from './jobs/all.ts';
import { runJobs } from './jobs/run-jobs.ts';
import { PostgresSignals } from './live/postgres-signals.ts';
import { RunHub } from './live/run-hub.ts';
import { LocalSignals } from './live/signals.ts';
import { localCommands } from './maintain/local-commands.ts';
import { openLocalDoor } from './maintain/local-door.ts';
import { addGauges, createMetrics } from './metrics.ts';
import { Simulations } from './policy/simulations.ts';
import { openSeal } from './seal.ts';
import type { Services } from './services.ts';
import type { ServerConfig } from './settings.ts';
import { ensureOwner } from './store/account.ts';
import { countEndpoints } from './store/endpoint.ts';
import { createEnrolmentToken } from './store/enrolment-token.ts';
import { openStores } from './store/open-stores.ts';
import { createSignInLink } from './store/sign-in-link.ts';
import { serverCertificates } from './tls/server-certificates.ts';

const MB = 1024 * 1024;
/** An enrolment token for the agent that starts beside the server need not live long. */
const LOCAL_ENROLMENT_MS = 15 * 60 * 1000;

/** A server that listens. */
export interface RunningServer {
  /** Where people and agents reach it. */
  readonly url: string;
  readonly services: Services;
  /** What agents pin, where TLS ends here. */
  readonly pin: string | undefined;
  /** Makes a new one-time sign-in link. */
  createSignInUrl(): Promise<string>;
  /** Takes what the demo's company says of itself; what is none is refused and logged. */
  takeCompany(document: unknown): Promise<void>;
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
    const stores = await openStores(config, log, onProgress);
    undo.push(() => stores.close());
    const server = await assemble(config, log, stores, undo);
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
  { control, events }: Pick<Services, 'control' | 'events'>,
  undo: (() => void | Promise<void>)[],
): Promise<RunningServer> {
  const ownerId = await ensureOwner(control, Date.now());
  const signals =
    config.control === undefined ? new LocalSignals() : await PostgresSignals.open(config.control, control, log);
  undo.push(() => signals.close());
  const seal = openSeal(config.sealKey ?? join(config.data, 'server', 'seal.key'));
  const metrics = createMetrics();
  const shelf = new BundleShelf(control);
  const channels = new AgentChannels({ control, signals, shelf, log });
  const hub = new RunHub({ store: events, metrics, log });
  hub.follow(signals, control);
  const takeCompany = (document: unknown) => takeDemoCompany(control, document, log);
  const demo = new DemoRunner(config.demoCommand, log, (document) => void takeCompany(document));
  const commit = new GroupCommit({
    control,
    events,
    owners: new RunOwners(events),
    metrics,
    log,
    signals,
  });
  const ingest = new Ingest({ control, commit, metrics });
  const underWay = new BytesUnderWay(config.ingestMemoryMb * MB);
  addGauges(metrics, {
    engineRestarts: () => events.restarts,
    streamViewers: () => hub.viewers,
    openChannels: () => channels.open,
    bytesUnderWay: () => underWay.bytes,
    endpoints: () => countEndpoints(control, Date.now() - REPORTING_MS),
  });
  const simulations = new Simulations(control, events, log);
  undo.push(() => simulations.close());
  const services: Services = {
    version: packageJson.version,
    control,
    events,
    audit: new AuditTrail(control),
    signals,
    door: new AgentDoor(control, signals),
    channels,
    shelf,
    seal,
    vaultScope: config.vaultScope,
    ingest,
    hub,
    demo,
    metrics,
    simulations,
    signInLock: new SignInLock(control),
    signInSettings: { oidc: config.oidc, groupRoles: config.groupRoles },
    log,
  };
  const jobs = runJobs(allJobs, services);
  undo.push(() => jobs.stop());
  const certificates = serverCertificates(config, log);
  const door = await openLocalDoor(
    join(config.data, 'server'),
    { ...localCommands(config, services), ping: () => Promise.resolve({}) },
    log,
  );
  undo.push(() => door?.close());
  const stopping = new AbortController();
  const app = await createApp({
    services,
    underWay,
    publicUrl: config.publicUrl,
    consoleFolder: config.console,
    stopping: stopping.signal,
    certificate: certificates?.current,
    requestsPerMinute: config.requestsPerMinute,
  });
  certificates?.follow(app.server as HttpsServer);
  undo.push(async () => {
    stopping.abort();
    channels.close();
    certificates?.stop();
    await hub.close();
    await demo.close();
    await app.close();
    await commit.settled();
  });
  await listen(app, config);
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const url =
    config.publicUrl ?? `${certificates === undefined ? 'http' : 'https'}://${hostForUrl(config.host)}:${port}`;
  return {
    url,
    services,
    pin: certificates?.current.pin,
    takeCompany,
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
    mkdirSync(data, { recursive: true, mode: 0o700 });
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
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
