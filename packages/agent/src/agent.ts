import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { agentFolders, createEnrichment } from '@sentinel/capture';
import type { AgentCounters, AgentStatus } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BatchFormer } from './batch-former.ts';
import { Contact } from './contact.ts';
import { newCounters } from './counters.ts';
import { CoverageWatch } from './coverage/coverage-watch.ts';
import { AGENT_VERSION } from './endpoint-facts.ts';
import { Heartbeat } from './heartbeat.ts';
import { Identity, readIdentity } from './identity.ts';
import { EnvironmentWatcher } from './instrumentation/environment-watcher.ts';
import { takeLock } from './lock.ts';
import { Receiver } from './receive.ts';
import { ServerLink } from './server-link.ts';
import { Spool } from './spool.ts';
import { StatusFile } from './status.ts';
import { Uploader } from './upload.ts';

/** Longest time that the last upload may take when the agent stops. */
const LAST_UPLOAD_MS = 3000;

/** Longest wait for the first enrolment; later ones go on in the background. */
const FIRST_ENROLMENT_MS = 5000;

/** Longest wait for the first answer before the agent calls itself ready without one. */
const READY_WITHIN_MS = 5000;

/** Settings of an agent. */
export interface AgentConfig {
  /** Data folder. */
  readonly data: string;
  /** Address of the server; else the one that the endpoint enrolled with. */
  readonly server: string | undefined;
  /** Enrolment token. */
  readonly token: string | undefined;
  /** Bytes that the spool may hold before probe files have to wait. */
  readonly spoolLimitBytes: number;
}

/** A running agent. */
export interface RunningAgent {
  /** Settles after the first exchange with the server, or its failure. */
  readonly ready: Promise<{ readonly endpointId: string | undefined; readonly hasContact: boolean }>;
  /** Reads what is there, spools it, tries to ship it, and ends. */
  stop(): Promise<void>;
}

/**
 * Starts an agent.
 * @throws Error with a sentence for the operator when the settings cannot work.
 */
export async function startAgent(config: AgentConfig, log: Logger): Promise<RunningAgent> {
  const folders = agentFolders(config.data);
  mkdirSync(folders.root, { recursive: true, mode: 0o700 });
  const releaseLock = takeLock(folders.lock);
  try {
    const link = new ServerLink(serverUrl(config, folders.identity));
    const contact = new Contact();
    const identity = new Identity({ path: folders.identity, token: config.token, link, contact, log });
    await checkIdentity(identity, log);

    const counters = newCounters();
    const spool = await Spool.open({ folder: folders.spool, quarantine: folders.quarantine, counters, log });
    const uploader = new Uploader({ spool, link, identity, contact, counters, log });
    const former = new BatchFormer(spool, log, () => uploader.wake());
    const environments = new EnvironmentWatcher(config.data, log);
    const coverage = new CoverageWatch({ environments, log });
    const receiver = new Receiver({
      onRun: (run) => coverage.reported(run),
      inbox: folders.inbox,
      quarantine: folders.quarantine,
      enrichment: createEnrichment(),
      former,
      counters,
      log,
      hasRoom: () => spool.bytes < config.spoolLimitBytes,
    });
    const currentCounters = (): AgentCounters => ({
      ...counters,
      spoolBatches: spool.batches,
      spoolBytes: spool.bytes,
    });

    const startedAt = new Date().toISOString();
    const status = new StatusFile(
      folders.status,
      (state): AgentStatus => ({
        state,
        pid: process.pid,
        agentVersion: AGENT_VERSION,
        startedAt,
        writtenAt: new Date().toISOString(),
        serverUrl: link.url,
        ...(identity.current === undefined ? {} : { endpointId: identity.current.endpointId }),
        ...(contact.lastAt === undefined ? {} : { lastContactAt: contact.lastAt }),
        ...(coverage.current === undefined ? {} : { coverage: coverage.current }),
        isInContact: contact.problem === undefined,
        ...(contact.problem === undefined ? {} : { lastProblem: contact.problem }),
        counters: currentCounters(),
      }),
    );

    const first = Promise.withResolvers<boolean>();
    const heartbeat = new Heartbeat({
      link,
      identity,
      contact,
      log,
      counters: currentCounters,
      coverage: () => coverage.current,
      onFirst: first.resolve,
    });
    environments.start();
    await coverage.start();
    receiver.start();
    uploader.start();
    status.start();
    const shipping = contactServer(identity, heartbeat, uploader, first.resolve);
    log.info({ spoolBatches: spool.batches, serverUrl: link.url }, 'agent started');

    return {
      ready: Promise.race([first.promise, delay(READY_WITHIN_MS, false, { ref: false })]).then((hasContact) => ({
        endpointId: identity.current?.endpointId,
        hasContact,
      })),
      async stop() {
        log.info('agent stopping');
        identity.stop();
        await Promise.all([coverage.stop(), environments.stop()]);
        await receiver.stop();
        former.stop();
        await former.flush();
        await heartbeat.stop();
        await uploader.stop(LAST_UPLOAD_MS);
        await Promise.race([shipping, delay(100, undefined, { ref: false })]);
        status.stop();
        releaseLock();
        log.info({ spoolBatches: spool.batches }, 'agent stopped');
      },
    };
  } catch (error) {
    releaseLock();
    throw error;
  }
}

async function contactServer(
  identity: Identity,
  heartbeat: Heartbeat,
  uploader: Uploader,
  onFirst: (hasContact: boolean) => void,
): Promise<void> {
  if (identity.current === undefined) {
    // The first attempt was made at the start and found nobody.
    onFirst(false);
    await identity.enrol();
  }
  heartbeat.start();
  uploader.wake();
}

function serverUrl(config: AgentConfig, identityPath: string): string {
  const given = config.server ?? readIdentity(identityPath)?.serverUrl;
  if (given === undefined) throw new Error('no server: give --server URL');
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`--server is no http or https address: ${given}`);
  return `${url.origin}${url.pathname}`;
}

/** Refuses to start where no later event could make the endpoint known to the server. */
async function checkIdentity(identity: Identity, log: Logger): Promise<void> {
  if (identity.current !== undefined) return;
  const failure = await identity.tryEnrol(AbortSignal.timeout(FIRST_ENROLMENT_MS));
  if (failure === undefined) return;
  if (failure.isRefused) throw new Error(`this endpoint is not enrolled: ${failure.detail}`);
  log.warn({ reason: failure.detail }, 'the server cannot be reached; runs are spooled until it can');
}
