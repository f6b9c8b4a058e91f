import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import {
  approvalText,
  type BundleVerdict,
  effectivePolicies,
  endpointText,
  nextChangeMs,
  nextOrderChangeMs,
  orderPolicy,
  quarantineText,
  verifyBundle,
} from '@sentinel/policy';
import { type AgentAction, type PolicyBundle, PolicyShares, type SignedPolicyBundle } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Guard } from '../guard.ts';
import type { OperatorTrustConfig } from '../trust-file.ts';
import { writeDurably } from '../write-durably.ts';

/** Longest wait until what holds is looked at again: a clock may be set. */
const LOOK_AGAIN_MS = 10 * 60 * 1000;

const State = z.object({
  mode: z.enum(['monitor', 'enforce']),
  modeUntil: z.string().optional(),
  modeIssuedAtMs: z.number().optional(),
  shares: PolicyShares,
});
type State = z.infer<typeof State>;

/** What {@link PolicyKeeper} needs. */
export interface PolicyKeeperOptions {
  /** The last good bundle. */
  readonly bundlePath: string;
  /** Mode and shares. */
  readonly statePath: string;
  /** Where the probes read. */
  readonly textPath: string;
  /** Where they read what is refused on start; there only while something is. */
  readonly quarantinePath: string;
  /** Orders of operators that stand. */
  readonly orders: () => readonly AgentAction[];
  readonly trust: OperatorTrustConfig | undefined;
  readonly endpointId: () => string | undefined;
  readonly guard: Guard;
  readonly log: Logger;
}

/**
 * Keeps the last bundle that the operators of this endpoint signed, and writes what holds now to where probes read it. A
 * bundle that is refused changes nothing; neither does a server that is gone.
 */
export class PolicyKeeper {
  readonly #options: PolicyKeeperOptions;
  #bundle: PolicyBundle | undefined;
  #payload = '';
  #state: State = { mode: 'enforce', shares: [] };
  #written: string | undefined;
  #quarantine: string | undefined;
  #lastRefused = '';
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PolicyKeeperOptions) {
    this.#options = options;
  }

  /** Version in force. */
  get version(): number | undefined {
    return this.#bundle?.version;
  }

  /** Whether the bundle in force is past its date. */
  get isStale(): boolean {
    return this.#bundle !== undefined && Date.parse(this.#bundle.notAfter) <= Date.now();
  }

  /** Whether policies may act, or only report. */
  get mode(): State['mode'] {
    const { mode, modeUntil } = this.#state;
    return mode === 'monitor' && (modeUntil === undefined || Date.parse(modeUntil) > Date.now())
      ? 'monitor'
      : 'enforce';
  }

  /** When the `set-mode` in force was issued. */
  get modeIssuedAtMs(): number | undefined {
    return this.#state.modeIssuedAtMs;
  }

  /** Takes up what was kept, and has it hold. */
  async open(): Promise<void> {
    const { trust, bundlePath, statePath, log, guard } = this.#options;
    if (trust === undefined) return;
    this.#state = State.safeParse(readJson(statePath)).data ?? this.#state;
    const text = readText(bundlePath);
    if (text !== undefined) {
      // It was in time when it was taken; past its date it holds on until a newer one comes.
      const verdict = await verifyBundle(text, trust, issuedAtMs(text) ?? Date.now());
      if (verdict.bundle !== undefined) this.#hold(verdict.bundle, verdict.payload);
      else {
        guard.count('bundlesRefused', `the kept bundle is not as it was: ${verdict.refusal}`);
        log.warn({ reason: verdict.refusal }, 'the kept policy bundle is damaged and not used');
      }
    }
    this.apply();
  }

  /** Looks at a bundle and takes it where it is right. */
  take(signed: SignedPolicyBundle): Promise<BundleVerdict> {
    const taken = this.#turn.then(() => this.#take(signed));
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  /** Learns how far policies under rollout are. */
  async learnShares(shares: PolicyShares): Promise<void> {
    if (JSON.stringify(shares) === JSON.stringify(this.#state.shares)) return;
    await this.#setState({ ...this.#state, shares });
  }

  /** Lets policies act here, or only report. */
  async setMode(mode: State['mode'], until: string | undefined, issuedAtMs: number): Promise<void> {
    const { shares } = this.#state;
    await this.#setState({
      mode,
      modeIssuedAtMs: issuedAtMs,
      shares,
      ...(until === undefined ? {} : { modeUntil: until }),
    });
  }

  /** Writes what holds now for the probes; nothing where no operators are known. */
  apply(): void {
    const { trust, textPath, log } = this.#options;
    if (trust === undefined) return;
    clearTimeout(this.#timer);
    const nowMs = Date.now();
    const text = this.#text(trust, nowMs);
    if (text !== this.#written) {
      try {
        writeAtOnce(textPath, text);
        this.#written = text;
        log.info({ version: this.version, mode: this.mode }, 'policies hold');
      } catch (error) {
        log.error({ err: error }, 'policies could not be written for the probes');
      }
    }
    const modeEndMs = this.#state.modeUntil === undefined ? undefined : Date.parse(this.#state.modeUntil);
    this.#keepQuarantine(nowMs);
    const changes = [
      nowMs + LOOK_AGAIN_MS,
      nextOrderChangeMs(this.#options.orders(), nowMs),
      this.#bundle === undefined ? undefined : nextChangeMs(this.#bundle, nowMs),
      modeEndMs !== undefined && modeEndMs > nowMs ? modeEndMs : undefined,
    ].filter((atMs) => atMs !== undefined);
    this.#timer = setTimeout(() => this.apply(), Math.max(50, Math.min(...changes) - nowMs));
    this.#timer.unref();
  }

  /** Ends. What holds goes on to hold. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  async #take(signed: SignedPolicyBundle): Promise<BundleVerdict> {
    const { trust, bundlePath, guard, log } = this.#options;
    const text = JSON.stringify(signed);
    const current =
      this.#bundle === undefined ? {} : { current: { version: this.#bundle.version, payload: this.#payload } };
    const verdict = await verifyBundle(
      text,
      { organisation: '', keys: [], threshold: 1, groups: [], ...trust, ...current },
      Date.now(),
    );
    if (verdict.bundle === undefined) {
      // What a server sends again and again is one refusal.
      const refused = `${verdict.refusal} ${createHash('sha256').update(text).digest('hex')}`;
      if (refused !== this.#lastRefused) guard.count('bundlesRefused', `bundle: ${verdict.refusal}: ${verdict.detail}`);
      this.#lastRefused = refused;
      log.warn({ reason: verdict.refusal, detail: verdict.detail }, 'a policy bundle was refused');
      return verdict;
    }
    if (verdict.payload === this.#payload) return verdict;
    await writeDurably(bundlePath, text, 0o600);
    this.#hold(verdict.bundle, verdict.payload);
    this.apply();
    return verdict;
  }

  #hold(bundle: PolicyBundle, payload: string): void {
    this.#bundle = bundle;
    this.#payload = payload;
  }

  async #setState(state: State): Promise<void> {
    await writeDurably(this.#options.statePath, `${JSON.stringify(state)}\n`, 0o600);
    this.#state = state;
    this.apply();
  }

  #keepQuarantine(nowMs: number): void {
    const { quarantinePath, orders, log } = this.#options;
    const text = quarantineText(orders(), nowMs);
    if (text === this.#quarantine) return;
    try {
      if (text === '') rmSync(quarantinePath, { force: true });
      else writeAtOnce(quarantinePath, text);
      this.#quarantine = text;
    } catch (error) {
      log.error({ err: error }, 'the quarantine could not be written for the probes');
    }
  }

  #text(trust: OperatorTrustConfig, nowMs: number): string {
    const endpointId = this.#options.endpointId();
    const bundle = this.#bundle;
    const view = endpointId === undefined ? undefined : { endpointId, shares: this.#state.shares };
    const policies = bundle === undefined ? [] : effectivePolicies(bundle, nowMs, view);
    const held =
      this.mode === 'monitor' ? policies.map((policy) => ({ ...policy, mode: 'monitor' as const })) : policies;
    const facts = [
      ['endpoint.groups', 'string[]', trust.groups.join(',')],
      ['endpoint.id', 'string', endpointId ?? ''],
      ['endpoint.platform', 'string', PLATFORMS[process.platform] ?? process.platform],
    ]
      .filter(([, , value]) => value !== '')
      .map((fields) => `R\t${fields.join('\t')}\n`);
    const orders = this.#options.orders();
    const ordered = orderPolicy(orders, nowMs);
    const all = ordered === undefined ? held : [ordered, ...held];
    return endpointText(all) + facts.join('') + approvalText(bundle, nowMs, orders);
  }
}

/** Names that policies know. */
const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'macos', win32: 'windows' };

/** A probe that reads just now finds the old text or the new one, never half of one. */
function writeAtOnce(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    // Probes of every account read it; it holds no secret.
    writeFileSync(temporary, text, { mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function issuedAtMs(text: string): number | undefined {
  try {
    const { payload } = JSON.parse(text) as SignedPolicyBundle;
    const { issuedAt } = JSON.parse(Buffer.from(payload, 'base64').toString()) as { issuedAt: string };
    const ms = Date.parse(issuedAt);
    return Number.isNaN(ms) ? undefined : ms;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
