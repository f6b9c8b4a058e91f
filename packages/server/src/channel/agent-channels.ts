import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelEvent } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { Signals } from '../live/signals.ts';
import { adoptStanding, listOpenActions, markSent } from '../store/agent-action.ts';
import type { ControlStore } from '../store/control-store.ts';
import { KEY_TOPIC, type KnownAgent } from './agent-door.ts';
import type { BundleShelf } from './bundle-shelf.ts';

/** Topic on which servers hear of a new bundle. */
export const POLICY_TOPIC = 'policy';
/** Topic on which servers hear of a new action; the body is its id. */
export const ACTION_TOPIC = 'action';

/** Each channel hears a comment so often: proxies cut what is silent for a minute. */
const ALIVE_S = 25;
/** Bytes that may wait for an agent that does not read. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** Agents that are asked to come for a new bundle within a second. */
const ASKING_PER_S = 500;
/** A bundle up to so many characters comes with the word of it: ten thousand agents then ask for nothing. */
const SMALL_BUNDLE = 64 * 1024;
/** Channels that are told in one go, and the rest after them. */
const TOLD_AT_ONCE = 200;
const REST_MS = 10;

interface Channel extends KnownAgent {
  readonly raw: ServerResponse;
  readonly slot: number;
  groups: readonly string[];
  told: string;
}

/** Word of a version, and what it says in short. */
interface PolicyEvent {
  readonly what: string;
  readonly bytes: Buffer;
}

/** What {@link AgentChannels} works with. */
export interface AgentChannelsParts {
  readonly control: ControlStore;
  readonly signals: Signals;
  readonly shelf: BundleShelf;
  readonly log: Logger;
}

/** The channels that agents hold open at this server. One timer serves all of them. */
export class AgentChannels {
  readonly #parts: AgentChannelsParts;
  readonly #channels = new Map<string, Set<Channel>>();
  readonly #slots = Array.from({ length: ALIVE_S }, () => new Set<Channel>());
  readonly #timer: NodeJS.Timeout;
  readonly #endings: (() => void)[];
  #tick = 0;
  #open = 0;

  constructor(parts: AgentChannelsParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#keepAlive(), 1000);
    this.#timer.unref();
    const { signals, shelf } = parts;
    this.#endings = [
      signals.subscribe(POLICY_TOPIC, () => {
        shelf.refresh();
        this.#guarded(this.#tellPolicy());
      }),
      signals.subscribe(ACTION_TOPIC, (actionId) => this.#guarded(this.#tellAction(actionId))),
      signals.subscribe(KEY_TOPIC, (endpointId) => this.#closeAll(endpointId)),
    ];
  }

  /** How many are open. */
  get open(): number {
    return this.#open;
  }

  /** Takes over an answer whose head was written, until either side ends it. */
  async add(agent: KnownAgent, raw: ServerResponse): Promise<void> {
    const channel: Channel = { ...agent, raw, slot: this.#open % ALIVE_S, groups: [], told: '' };
    const beside = this.#channels.get(agent.endpointId) ?? new Set();
    // The same agent came again: its old connection is dead and does not know it yet.
    for (const old of beside) if (old.bootId === agent.bootId) this.#end(old);
    beside.add(channel);
    this.#channels.set(agent.endpointId, beside);
    this.#slots[channel.slot]?.add(channel);
    this.#open++;
    raw.once('close', () => this.#forget(channel));
    raw.on('error', () => this.#forget(channel));
    this.#send(channel, { kind: 'open' });
    await this.#welcome(channel);
  }

  /** Ends all. */
  close(): void {
    clearInterval(this.#timer);
    for (const end of this.#endings) end();
    for (const endpointId of this.#channels.keys()) this.#closeAll(endpointId);
  }

  /** Tells an agent what came while it was away. */
  async #welcome(channel: Channel): Promise<void> {
    const { control, shelf } = this.#parts;
    const { endpointId } = channel;
    const row = await control
      .selectFrom('endpoint')
      .select('endpoint_groups')
      .where('id', '=', endpointId)
      .executeTakeFirst();
    channel.groups = JSON.parse(row?.endpoint_groups ?? '[]') as string[];
    const version = await shelf.newestVersionFor(channel.groups);
    if (version !== undefined) this.#tellVersion(channel, await this.#policyEvent(version, false));
    const nowMs = Date.now();
    await adoptStanding(control, endpointId, nowMs);
    const actions = await listOpenActions(control, endpointId, nowMs);
    if (actions.length === 0) return;
    for (const { signed } of actions) this.#send(channel, { kind: 'action', signed });
    await markSent(
      control,
      actions.map(({ id }) => id),
      [endpointId],
      nowMs,
    );
  }

  async #tellPolicy(): Promise<void> {
    const events = new Map<number, PolicyEvent>();
    let told = 0;
    for (const channel of [...this.#channels.values()].flatMap((channels) => [...channels])) {
      const version = await this.#parts.shelf.newestVersionFor(channel.groups);
      if (version === undefined) continue;
      const event = events.get(version) ?? (await this.#policyEvent(version, true));
      events.set(version, event);
      this.#tellVersion(channel, event);
      if (++told % TOLD_AT_ONCE === 0) await delay(REST_MS);
    }
  }

  async #tellAction(actionId: string): Promise<void> {
    const { control } = this.#parts;
    const row = await control.selectFrom('agent_action').select('signed').where('id', '=', actionId).executeTakeFirst();
    if (row === undefined) return;
    const waiting = await control
      .selectFrom('agent_action_endpoint')
      .select('endpoint_id')
      .where('action_id', '=', actionId)
      .where('state', '=', 'asked')
      .execute();
    const event = `data: {"kind":"action","signed":${row.signed}}\n\n`;
    const told: string[] = [];
    for (const { endpoint_id: endpointId } of waiting) {
      const channels = this.#channels.get(endpointId);
      if (channels === undefined) continue;
      for (const channel of channels) this.#write(channel, event);
      told.push(endpointId);
    }
    await markSent(control, [actionId], told, Date.now());
  }

  #tellVersion(channel: Channel, { what, bytes }: PolicyEvent): void {
    if (channel.told === what) return;
    channel.told = what;
    this.#write(channel, bytes);
  }

  /** What is said of a version, written once for all who hear it. */
  async #policyEvent(version: number, isNew: boolean): Promise<PolicyEvent> {
    const { shelf } = this.#parts;
    const [shares, signed] = await Promise.all([shelf.shares(), isNew ? shelf.read(version) : undefined]);
    const isSmall = signed !== undefined && signed.payload.length <= SMALL_BUNDLE;
    const event: ChannelEvent = {
      kind: 'policy',
      version,
      spreadMs: this.#spreadMs(),
      shares,
      ...(isSmall ? { signed } : {}),
    };
    return { what: `${version} ${JSON.stringify(shares)}`, bytes: Buffer.from(`data: ${JSON.stringify(event)}\n\n`) };
  }

  /** A thousand agents must not ask for the same bundle in the same moment. */
  #spreadMs(): number {
    return Math.round((this.#open / ASKING_PER_S) * 1000);
  }

  #send(channel: Channel, event: ChannelEvent): void {
    this.#write(channel, `data: ${JSON.stringify(event)}\n\n`);
  }

  #write(channel: Channel, text: string | Buffer): void {
    const { raw } = channel;
    if (raw.destroyed) return;
    raw.write(text);
    if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy();
  }

  #keepAlive(): void {
    this.#tick = (this.#tick + 1) % ALIVE_S;
    for (const channel of this.#slots[this.#tick] ?? []) this.#write(channel, ': alive\n\n');
  }

  #closeAll(endpointId: string): void {
    for (const channel of this.#channels.get(endpointId) ?? []) this.#end(channel);
  }

  #end(channel: Channel): void {
    this.#forget(channel);
    channel.raw.end();
  }

  #forget(channel: Channel): void {
    const beside = this.#channels.get(channel.endpointId);
    if (beside?.delete(channel) !== true) return;
    if (beside.size === 0) this.#channels.delete(channel.endpointId);
    this.#slots[channel.slot]?.delete(channel);
    this.#open--;
  }

  #guarded(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#parts.log.warn({ err: error }, 'agents could not be told; they ask by themselves'),
    );
  }
}
