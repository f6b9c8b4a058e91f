import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { agentFolders, createEnrichment, keepBootTime } from '@sentinel/capture';
import type { AgentCounters, AgentStatus } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BatchFormer } from './batch-former.ts';
import { BudgetWatch } from './budget/budget-watch.ts';
import { FeatureSwitch } from './budget/feature-switch.ts';
import { Contact } from './contact.ts';
import { newCounters } from './counters.ts';
import { CoverageWatch } from './coverage/coverage-watch.ts';
import { AGENT_VERSION } from './endpoint-facts.ts';
import { factsLink } from './facts-link.ts';
import { FactsSender } from './facts-sender.ts';
import { Heartbeat } from './heartbeat.ts';
import { Identity, readIdentity } from './identity.ts';
import { EnvironmentWatcher } from './instrumentation/environment-watcher.ts';
import { takeLock } from './lock.ts';
import { Receiver } from './receive.ts';
import { DataSampler } from './sampling/data-sampler.ts';
import { LeftFileWatch } from './sampling/left-file-watch.ts';
import { sampleLink } from './sampling/sample-link.ts';
import { ScriptCollector } from './script-collector.ts';
import { SentLog } from './sent-log.ts';
import { ServerLink } from './server-link.ts';
import { openPin } from './server-pin.ts';
import { Spool } from './spool.ts';
import { StatusFile } from './status.ts';
import { Steering } from './steering.ts';
import { ThrottledRuns } from './throttled-runs.ts';
import { type GivenTrust, openTrust } from './trust-file.ts';
import { Uploader } from './upload.ts';
import { vaultLink } from './vault-link.ts';

/** Longest time that the last upload may take when the agent stops. */
const LAST_UPLOAD_MS = 3000;

/** Longest time that an action waits for the spool to be shipped. */
const FLUSH_MS = 30_000;

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
  /** Hash of the certificate that the server must show; else the one that was pinned before. */
  readonly serverPin: string | undefined;
  /** Enrolment token. */
  readonly token: string | undefined;
  /** Operators to believe, and groups; else those pinned before. */
  readonly trust: GivenTrust;
  /** Ends the process so that the service starts it anew; called where nothing else keeps it within its budget. */
  readonly restart: (reason: string) => void;
  /** Bytes that the spool may hold; beyond, bulk is given up and what may not be given up waits in probe files. */
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
  keepBootTime(join(folders.root, 'boot-time'));
  const releaseLock = takeLock(folders.lock);
  try {
    const url = serverUrl(config, folders.identity);
    const link = new ServerLink(url, await openPin(join(folders.root, 'server-pin'), config.serverPin, url));
    const contact = new Contact();
    const trust = await openTrust(join(folders.root, 'trust.json'), config.trust);
    const identity = await Identity.open({
      paths: {
        identity: folders.identity,
        key: join(folders.root, 'endpoint.key'),
        nextKey: join(folders.root, 'endpoint.key.next'),
      },
      token: config.token,
      facts: () => steering.facts(),
      link,
      contact,
      log,
    });
    const steering: Steering = new Steering({
      root: folders.root,
      trust,
      link,
      identity,
      contact,
      log,
      findRun: (runId) => receiver.findRun(runId),
      rescan: () => environments.rescan(),
      flush: async () => {
        await former.flush();
        return uploader.drain(FLUSH_MS);
      },
      collect: (run) => collector.collectNow(run),
      diagnose: () => JSON.stringify(status.current),
      onNews: () => heartbeat.soon(),
    });
    await steering.open();
    await checkIdentity(identity, log);

    const counters = newCounters();
    const spool = await Spool.open({
      folder: folders.spool,
      quarantine: folders.quarantine,
      counters,
      log,
      limitBytes: config.spoolLimitBytes,
    });
    const sent = new SentLog(join(folders.root, 'sent.log'), join(config.data, 'sent'), log);
    const uploader = new Uploader({ spool, link, identity, contact, counters, sent, log });
    const former = new BatchFormer(spool, log, () => uploader.wake());
    const { guard } = steering;
    const environments = new EnvironmentWatcher(config.data, log, () => guard.count('probesDamaged'));
    const coverage = new CoverageWatch({ environments, log, onCanaryMissed: () => guard.count('canariesMissed') });
    const collector = new ScriptCollector({ folder: folders.vault, link: vaultLink(link, identity), log });
    const facts = new FactsSender({ link: factsLink(link, identity), dataFolder: config.data, log });
    const samples = sampleLink(link, identity);
    const sampler = new DataSampler({ link: samples, log });
    const leftFiles = new LeftFileWatch({ link: samples, log });
    const sampling = new FeatureSwitch('samples of data files');
    const analysing = new FeatureSwitch('analysis of scripts');
    const keeping = new FeatureSwitch('copies of scripts for the vault');
    const budget = new BudgetWatch({
      folder: folders.root,
      features: [
        sampling,
        analysing,
        keeping,
        { name: 'sensing of process starts', stop: () => coverage.stop(), start: () => coverage.start() },
      ],
      log,
      restart: config.restart,
    });
    const throttled = new ThrottledRuns(guard, log);
    const health = () => ({ ...budget.health, throttled: [...throttled.list] });
    const receiver = new Receiver({
      onRun(run) {
        coverage.reported(run);
        if (keeping.isOn) collector.offer(run);
        if (analysing.isOn) facts.offer(run);
        steering.noticed(run);
      },
      onEnd(run) {
        if (keeping.isOn) collector.offerEnded(run);
      },
      onActivities(runId, activities) {
        if (sampling.isOn) sampler.offer(runId, activities);
      },
      inbox: folders.inbox,
      quarantine: folders.quarantine,
      enrichment: createEnrichment(),
      former,
      counters,
      log,
      onGap: () => guard.count('recordGaps'),
      onFlood: throttled.note,
      makeRoom: () => spool.makeRoom(),
    });
    const currentCounters = (): AgentCounters => ({
      ...counters,
      spoolBatches: spool.batches,
      spoolBytes: spool.bytes,
      ...(spool.rowsDropped === 0 ? {} : { rowsDropped: spool.rowsDropped }),
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
        isChannelOpen: steering.isChannelOpen,
        isInContact: contact.problem === undefined,
        ...(contact.problem === undefined ? {} : { lastProblem: contact.problem }),
        health: health(),
        trust: steering.report(),
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
      facts: () => steering.facts(),
      trust: () => steering.report(),
      health,
      isChannelOpen: () => steering.isChannelOpen,
      onAnswer: (answer) => steering.answered(answer),
      onFirst: first.resolve,
    });
    environments.start();
    await coverage.start();
    collector.start();
    facts.start();
    sampler.start();
    leftFiles.start();
    receiver.start();
    uploader.start();
    status.start();
    budget.start();
    const shipping = contactServer({ identity, steering, heartbeat, uploader, onFirst: first.resolve });
    log.info({ spoolBatches: spool.batches, serverUrl: link.url }, 'agent started');

    return {
      ready: Promise.race([first.promise, delay(READY_WITHIN_MS, false, { ref: false })]).then((hasContact) => ({
        endpointId: identity.current?.endpointId,
        hasContact,
      })),
      async stop() {
        log.info('agent stopping');
        await budget.stop();
        await steering.stop();
        identity.stop();
        await Promise.all([coverage.stop(), environments.stop()]);
        await receiver.stop();
        await Promise.all([collector.stop(), facts.stop(), sampler.stop(), leftFiles.stop()]);
        former.stop();
        await former.flush();
        await heartbeat.stop();
        await uploader.stop(LAST_UPLOAD_MS);
        await sent.settled();
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

async function contactServer({
  identity,
  steering,
  heartbeat,
  uploader,
  onFirst,
}: {
  identity: Identity;
  steering: Steering;
  heartbeat: Heartbeat;
  uploader: Uploader;
  onFirst: (hasContact: boolean) => void;
}): Promise<void> {
  if (identity.current === undefined) {
    // The first attempt was made at the start and found nobody.
    onFirst(false);
    await identity.enrol();
  }
  heartbeat.start();
  steering.start();
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
