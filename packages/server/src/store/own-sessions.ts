import type { SessionRow } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** Sessions of an account that last, the newest first. */
export async function listSessions(
  store: ControlStore,
  accountId: string,
  currentId: string,
  nowMs: number,
): Promise<SessionRow[]> {
  const rows = await store
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('expires_at', '>', nowMs)
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => {
    const id = row.id ?? row.token_hash.slice(0, 16);
    return {
      id,
      isCurrent: id === currentId,
      method: row.method ?? 'link',
      ...(row.address === null ? {} : { address: row.address }),
      ...(row.client === null ? {} : { client: row.client }),
      createdAt: new Date(row.created_at).toISOString(),
      ...(row.last_seen_at === null ? {} : { lastSeenAt: new Date(row.last_seen_at).toISOString() }),
      expiresAt: new Date(row.expires_at).toISOString(),
    };
  });
}
