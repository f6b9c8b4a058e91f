import type { EndpointFacts } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { listSignals } from '../store/endpoint-signal.ts';
import { readCursor, writeCursor } from './action-cursor.ts';
import type { Handlers } from './handler.ts';

/** What the guards of endpoints told. */
export function endpointSignals({ control }: Services): Handlers<'listEndpointSignals'> {
  return {
    async listEndpointSignals({ query: { limit, cursor, endpointId, kind, since }, person }) {
      const { isAll, endpointIds: own } = person.scope;
      if (endpointId !== undefined && !isAll && !own.includes(endpointId)) return { items: [], total: 0 };
      const endpointIds = endpointId === undefined ? (isAll ? undefined : own) : [endpointId];
      const { rows, total } = await listSignals(control, {
        limit,
        kind,
        endpointIds,
        before: cursor === undefined ? undefined : readCursor(cursor),
        sinceMs: since === undefined ? undefined : Date.parse(since),
      });
      const last = rows.at(-1);
      return {
        items: rows.map((row) => ({
          id: row.id,
          endpointId: row.endpoint_id,
          hostName: (JSON.parse(row.facts) as EndpointFacts).hostName,
          kind: row.kind,
          count: row.count,
          detail: row.detail,
          at: new Date(row.at).toISOString(),
        })),
        total,
        ...(rows.length === limit && last !== undefined
          ? { nextCursor: writeCursor({ createdAt: last.at, id: last.id }) }
          : {}),
      };
    },
  };
}
