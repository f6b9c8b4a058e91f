import { createHash } from 'node:crypto';
import type { ControlStore } from './control-store.ts';

/** How long a key of an endpoint is good; agents renew at two thirds. */
export const KEY_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
/** How long a key that is over may still ask for its own renewal: laptops lie in drawers. */
export const RENEWAL_GRACE_MS = 60 * 24 * 60 * 60 * 1000;

/** What is known of an endpoint's key. */
export interface EndpointKey {
  /** Public key, base64. */
  readonly publicKey: string;
  readonly expiresAtMs: number;
}

/** SHA-256 of a public key in base64, in hex. */
export function fingerprintOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex');
}

/** Key of an endpoint; nothing where it is not known or has none. */
export async function findEndpointKey(store: ControlStore, endpointId: string): Promise<EndpointKey | undefined> {
  const row = await store
    .selectFrom('endpoint')
    .select(['public_key', 'key_expires_at'])
    .where('id', '=', endpointId)
    .executeTakeFirst();
  if (row === undefined || row.public_key === null) return undefined;
  return { publicKey: row.public_key, expiresAtMs: row.key_expires_at ?? 0 };
}

/** Puts a new key in place of the old one; whoever lives with a copy of the old one is locked out by it. */
export async function replaceEndpointKey(
  store: ControlStore,
  endpointId: string,
  publicKey: string,
  nowMs: number,
): Promise<number> {
  const expiresAtMs = nowMs + KEY_LIFE_MS;
  await store
    .updateTable('endpoint')
    .set({
      key_hash: fingerprintOf(publicKey),
      public_key: publicKey,
      key_expires_at: expiresAtMs,
      cloned_at: null,
      boots: '[]',
    })
    .where('id', '=', endpointId)
    .execute();
  return expiresAtMs;
}

/** Highest request number that any server may have taken of an endpoint, and which server took the last ones. */
export async function readCeiling(
  store: ControlStore,
  endpointId: string,
): Promise<{ ceiling: number; server: string | null }> {
  const row = await store
    .selectFrom('endpoint')
    .select(['sequence_ceiling', 'sequence_server'])
    .where('id', '=', endpointId)
    .executeTakeFirst();
  return { ceiling: row?.sequence_ceiling ?? 0, server: row?.sequence_server ?? null };
}

/** Raises the ceiling if nobody else did since it was read. */
export async function raiseCeiling(
  store: ControlStore,
  endpointId: string,
  { from, to, server }: { from: number; to: number; server: string },
): Promise<boolean> {
  const result = await store
    .updateTable('endpoint')
    .set({ sequence_ceiling: to, sequence_server: server })
    .where('id', '=', endpointId)
    .where('sequence_ceiling', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
