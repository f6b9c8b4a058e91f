import { createHash } from 'node:crypto';
import type { ControlStore } from '../store/control-store.ts';
import { canonicalJson } from './canonical-json.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Row of an audit record. */
export interface AuditRecordTable {
  /** From 1, without a gap. */
  number: number;
  at: number;
  actor_id: string;
  actor_name: string;
  action: string;
  object_kind: string;
  object_id: string;
  /** The record as canonical JSON, number and previous hash included: what the hash is over. */
  content: string;
  /** SHA-256 over a zero byte and the content, in hex: the leaf of a Merkle tree. Source: RFC 6962, 2.1. */
  hash: string;
}

/** Who acts. */
export interface Actor {
  readonly accountId: string;
  readonly userName: string;
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly isToken?: boolean;
  /** Where the act came from. */
  readonly origin?: Origin;
}

/** What somebody did. */
export interface Act {
  /** Noun and verb, such as `policy.publish`. */
  readonly action: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string;
}

/** Where a request came from. */
export interface Origin {
  readonly address?: string;
  readonly session?: string;
  readonly client?: string;
  readonly requestId?: string;
}

/** The server itself, for what jobs do. */
export const SYSTEM: Actor = { accountId: 'system', userName: 'system' };

/** Hash before the first record. */
export const FIRST_PREVIOUS = '0'.repeat(64);

/** Another server took the number first so often: something is wrong. */
const MAX_ATTEMPTS = 50;

/** What people and services did, each record bound to the one before it. */
export class AuditTrail {
  readonly #control: ControlStore;
  #last: Promise<unknown> = Promise.resolve();

  constructor(control: ControlStore) {
    this.#control = control;
  }

  /** Keeps an act; resolves once it is durable. */
  record(actor: Actor, act: Act, origin: Origin = actor.origin ?? {}): Promise<void> {
    const recorded = this.#last.then(() => this.#append(actor, act, origin));
    this.#last = recorded.catch(() => {});
    return recorded;
  }

  async #append(actor: Actor, act: Act, origin: Origin): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#appendOnce(actor, act, origin);
        return;
      } catch (error) {
        // Two servers that append at once both see the same end; the key lets one of them through.
        if (attempt >= MAX_ATTEMPTS || !isTaken(error)) throw error;
      }
    }
  }

  #appendOnce(actor: Actor, act: Act, origin: Origin): Promise<void> {
    return this.#control.transaction().execute(async (transaction) => {
      const last = await transaction
        .selectFrom('audit_record')
        .select(['number', 'hash'])
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      const number = (last?.number ?? 0) + 1;
      const at = Date.now();
      const content = canonicalJson({
        number,
        previous: last?.hash ?? FIRST_PREVIOUS,
        at: new Date(at).toISOString(),
        actor: {
          id: actor.accountId,
          name: actor.userName,
          role: actor.role,
          roles: actor.roles !== undefined && actor.roles.length > 1 ? actor.roles : undefined,
          isToken: actor.isToken === true ? true : undefined,
        },
        action: act.action,
        object: { kind: act.object.kind, id: act.object.id },
        before: withoutSecrets(act.before),
        after: withoutSecrets(act.after),
        reason: act.reason,
        origin: {
          address: origin.address,
          session: origin.session,
          client: origin.client,
          requestId: origin.requestId,
        },
      });
      await transaction
        .insertInto('audit_record')
        .values({
          number,
          at,
          actor_id: actor.accountId,
          actor_name: actor.userName,
          action: act.action,
          object_kind: act.object.kind,
          object_id: act.object.id,
          content,
          hash: leafHash(content),
        })
        .execute();
    });
  }
}

/** Hash of a record's content as a leaf. Source: RFC 6962, 2.1. */
export function leafHash(content: string): string {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(content)
    .digest('hex');
}

/** Whether the number of a record was taken meanwhile. Source: PostgreSQL error codes; SQLite result code 1555. */
function isTaken(error: unknown): boolean {
  const { code, errcode, message, cause } = error as {
    code?: unknown;
    errcode?: unknown;
    message?: string;
    cause?: unknown;
  };
  if (code === '23505' || code === '40001' || errcode === 1555 || errcode === 2067) return true;
  if (/UNIQUE constraint failed: audit_record/.test(message ?? '')) return true;
  return cause !== undefined && cause !== error && isTaken(cause);
}
