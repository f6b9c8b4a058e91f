import { join } from 'node:path';
import {
  type ActionResult,
  type EndpointFacts,
  MAX_STANDING_DAYS,
  type PolicyShares,
  type Run,
  type SignedPolicyBundle,
  type TrustReport,
} from '@sentinel/protocol';
import type { Logger } from 'pino';
import { type ActionHandlers, ActionRunner } from './actions/action-runner.ts';
import { DoneActions } from './actions/done-actions.ts';
import { RecentScripts } from './actions/recent-scripts.ts';
import { StandingOrders } from './actions/standing-orders.ts';
import { stopRun } from './actions/stop-run.ts';
import { Channel } from './channel.ts';
import type { Contact } from './contact.ts';
import { endpointFacts } from './endpoint-facts.ts';
import { Guard } from './guard.ts';
import type { Identity } from './identity.ts';
import { PolicyKeeper } from './policy/policy-keeper.ts';
import type { BeatAnswer, ServerLink } from './server-link.ts';
import type { OperatorTrustConfig } from './trust-file.ts';

/** Time for which a refused version is not asked for again; a higher one is at once. */
const REFUSED_FOR_MS = 30 * 60 * 1000;

const DAY_MS = 86_400_000;

/** What {@link Steering} needs of the rest of the agent. */
export interface SteeringOptions {
  /** Folder of the agent. */
  readonly root: string;
  readonly trust: OperatorTrustConfig | undefined;
  readonly link: ServerLink;
  readonly identity: Identity;
  readonly contact: Contact;
  readonly log: Logger;
  /** A run that goes on here. */
  readonly findRun: (runId: string) => Run | undefined;
  /** Looks at all environments again. */
  readonly rescan: () => void;
  /** Ships what is spooled; gives how many batches are left. */
  readonly flush: () => Promise<number>;
  /** Hands a version that ran here to the vault. */
  readonly collect: (run: Run) => Promise<string>;
  /** How the agent does, in a text without names. */
  readonly diagnose: () => string;
  /** There is something to tell the server before its time. */
  readonly onNews: () => void;
}

/** What operators ask of this endpoint: policies and actions, by the channel or, without one, by the heartbeat. */
export class Steering {
  readonly #options: SteeringOptions;
  readonly guard = new Guard();
  readonly #scripts = new RecentScripts();
  readonly #policies: PolicyKeeper;
  readonly #orders: StandingOrders;
  readonly #done: DoneActions;
  readonly #actions: ActionRunner;
  readonly #channel: Channel;
  readonly #abort = new AbortController();
  #fetching: Promise<void> | undefined;
  #isRenewing = false;
  /** A bundle that was refused is not fetched again at every heartbeat. */
  #refused = { version: 0, untilMs: 0 };

  constructor(options: SteeringOptions) {
    this.#options = options;
    const { root, trust, link, identity, contact, log, onNews } = options;
    const { guard } = this;
    guard.onNews = onNews;
    const endpointId = () => identity.current?.endpointId;
    this.#orders = new StandingOrders({ path: join(root, 'orders.json'), trust, log });
    this.#done = DoneActions.open(join(root, 'actions.json'));
    this.#policies = new PolicyKeeper({
      bundlePath: join(root, 'policy.bundle'),
      statePath: join(root, 'policy-state.json'),
      textPath: join(root, 'policy'),
      quarantinePath: join(root, 'quarantined'),
      orders: () => this.#orders.all,
      trust,
      endpointId,
      guard,
      log,
    });
    this.#actions = new ActionRunner({
      trust,
      endpointId,
      modeIssuedAtMs: () => this.#policies.modeIssuedAtMs,
      done: this.#done,
      handlers: this.#handlers(),
      guard,
      report: (actionId, result) => this.#report(actionId, result),
      log,
    });
    this.#channel = new Channel({
      link,
      identity,
      contact,
      log,
      onPolicy: (version, shares, signed) => this.#learn(version, shares, signed),
      onAction: (signed) => this.#actions.take(signed),
      onChange: onNews,
    });
  }

  /** Facts of this endpoint, with the groups that it was put into. */
  facts(): EndpointFacts {
    const groups = this.#options.trust?.groups ?? [];
    return { ...endpointFacts(), ...(groups.length === 0 ? {} : { groups }) };
  }

  /** Whether the channel is open. */
  get isChannelOpen(): boolean {
    return this.#channel.isOpen;
  }

  /** What to tell of the guard. */
  report(): TrustReport {
    const { identity, trust } = this.#options;
    const { version } = this.#policies;
    return {
      ...this.guard.counts,
      keyMadeAt: identity.current?.keyMadeAt ?? new Date(0).toISOString(),
      ...(version === undefined ? {} : { policyVersion: version }),
      isPolicyStale: this.#policies.isStale,
      mode: this.#policies.mode,
      hasOperatorKeys: trust !== undefined,
    };
  }

  /** Has the kept policies hold, before anything else runs. */
  async open(): Promise<void> {
    await this.#orders.open();
    await this.#policies.open();
  }

  /** Begins to listen; the endpoint is enrolled. */
  start(): void {
    // Its id is a fact that policies may ask for.
    this.#policies.apply();
    this.#channel.start();
    this.#actions.reportRest().catch(() => undefined);
  }

  /** A run said hello. */
  noticed(run: Run): void {
    this.#scripts.notice(run);
  }

  /** Hears what a heartbeat was answered: all that the channel would have said. */
  answered({ policyVersion, shares, openActions }: BeatAnswer): void {
    const { log, identity } = this.#options;
    this.#learn(policyVersion, shares).catch((error: unknown) =>
      log.warn({ err: error }, 'no policy could be fetched'),
    );
    if (openActions > 0 && !this.#channel.isOpen) this.#fetchActions().catch(() => undefined);
    this.#actions.reportRest().catch(() => undefined);
    if (identity.isKeyDue(Date.now()) && !this.#isRenewing) void this.#renewKey();
  }

  /** Ends. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#channel.stop();
    await this.#actions.settled();
    this.#policies.stop();
  }

  async #renewKey(): Promise<void> {
    const { identity, log } = this.#options;
    this.#isRenewing = true;
    const failure = await identity.renewKey().catch((error: unknown) => String(error));
    this.#isRenewing = false;
    if (failure !== undefined) log.warn({ reason: failure }, 'the key could not be renewed');
  }

  async #learn(version: number | undefined, shares: PolicyShares, signed?: SignedPolicyBundle): Promise<void> {
    if (this.#options.trust === undefined) return;
    await this.#policies.learnShares(shares);
    if (version === undefined || version <= (this.#policies.version ?? 0)) return;
    if (signed !== undefined) return this.#take(signed, version);
    if (version === this.#refused.version && Date.now() < this.#refused.untilMs) return;
    // The channel and the heartbeat may both tell of it.
    this.#fetching ??= this.#fetchBundle(version).finally(() => {
      this.#fetching = undefined;
    });
    await this.#fetching;
  }

  async #fetchBundle(version: number): Promise<void> {
    const { link, identity } = this.#options;
    const signer = identity.current?.signer;
    if (signer === undefined) return;
    const answer = await link.getBundle(signer, this.#policies.version ?? 0, this.#abort.signal);
    if (answer.kind !== 'ok' || answer.value.signed === undefined) return;
    await this.#take(answer.value.signed, version);
  }

  async #take(signed: SignedPolicyBundle, version: number): Promise<void> {
    const { bundle } = await this.#policies.take(signed);
    if (bundle !== undefined) this.#options.onNews();
    else this.#refused = { version, untilMs: Date.now() + REFUSED_FOR_MS };
  }

  async #fetchActions(): Promise<void> {
    const { link, identity } = this.#options;
    const signer = identity.current?.signer;
    if (signer === undefined) return;
    const answer = await link.listOpenActions(signer, this.#abort.signal);
    if (answer.kind === 'ok') for (const signed of answer.value.items) await this.#actions.take(signed);
  }

  async #report(actionId: string, result: ActionResult): Promise<boolean> {
    const { link, identity } = this.#options;
    const signer = identity.current?.signer;
    if (signer === undefined) return false;
    const answer = await link.reportAction(signer, actionId, result);
    // A server that does not know the action will not know it later either.
    return answer.kind === 'ok' || (answer.kind === 'refused' && answer.code === 'not-found');
  }

  #handlers(): ActionHandlers {
    const { findRun, rescan, flush, collect, diagnose, identity } = this.#options;
    return {
      async rescan() {
        rescan();
        return 'all environments are looked at again';
      },
      async flush() {
        const left = await flush();
        if (left > 0) throw new Error(`${left} batches are still spooled`);
        return 'the spool is empty';
      },
      async 'rotate-key'() {
        const failure = await identity.renewKey();
        if (failure !== undefined) throw new Error(failure);
        return 'the endpoint has a new key';
      },
      'set-mode': async ({ mode, until }, { issuedAt }) => {
        await this.#policies.setMode(mode, until, Date.parse(issuedAt));
        return mode === 'monitor' ? 'policies only report' : 'policies act';
      },
      async 'stop-run'({ runId }) {
        const run = findRun(runId);
        if (run === undefined) return 'the run does not go on here';
        return stopRun({ runId, pid: run.pid, startedAtMs: Date.parse(run.startedAt) });
      },
      'collect-script': async ({ sha256 }) => {
        const run = this.#scripts.find(sha256);
        if (run === undefined) throw new Error('this version did not run here lately');
        return collect(run);
      },
      'quarantine-script': async ({ sha256, endsRuns }, action, signed) => {
        await this.#orders.add(action, signed);
        this.#policies.apply();
        const refused = 'this version is refused from now on';
        if (!endsRuns) return refused;
        const runs = this.#scripts.runsOf(sha256);
        const ended = await Promise.allSettled(
          runs.map(({ id, pid, startedAt }) => stopRun({ runId: id, pid, startedAtMs: Date.parse(startedAt) })),
        );
        const failed = ended.filter(({ status }) => status === 'rejected').length;
        if (failed > 0) throw new Error(`${refused}, but ${failed} of its runs could not be ended`);
        const stopped = ended.filter((one) => one.status === 'fulfilled' && one.value.startsWith('ended')).length;
        return `${refused}; ${stopped} of its runs ended`;
      },
      'isolate-destination': async ({ destination }, action, signed) => {
        await this.#orders.add(action, signed);
        this.#policies.apply();
        return `no script reaches ${destination} from now on`;
      },
      'decide-approval': async ({ state }, action, signed) => {
        await this.#orders.add(action, signed);
        this.#policies.apply();
        return state === 'approved' ? 'this version is approved' : 'the approval of this version is taken back';
      },
      lift: async ({ actionId }) => {
        await this.#done.forbid(actionId, Date.now() + MAX_STANDING_DAYS * DAY_MS);
        const held = await this.#orders.lift(actionId);
        this.#policies.apply();
        return held ? 'the order does not hold any more' : 'no such order held here';
      },
      async diagnostics() {
        return diagnose();
      },
    };
  }
}
