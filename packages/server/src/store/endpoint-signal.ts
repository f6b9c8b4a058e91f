import type { EndpointSignalKind } from '@sentinel/protocol';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of something that the guard of an endpoint told, or that the server saw of it. */
export interface EndpointSignalTable {
  id: string;
  endpoint_id: string;
  kind: EndpointSignalKind;
  /** How often since the last one. */
  count: number;
  detail: string;
  at: number;
}

/** A signal before it is kept. */
export interface EndpointSignal {
  readonly kind: EndpointSignalKind;
  readonly count: number;
  readonly detail: string;
}

/** Keeps signals of an endpoint. */
export async function storeSignals(
  store: ControlStore,
  endpointId: string,
  signals: readonly EndpointSignal[],
  nowMs: number,
): Promise<void> {
  if (signals.length === 0) return;
  await store
    .insertInto('endpoint_signal')
    .values(signals.map((signal) => ({ id: newUuidV7(), endpoint_id: endpointId, ...signal, at: nowMs })))
    .execute();
}

/** Which signals are asked for. */
export interface SignalFilter {
  readonly limit: number;
  readonly before: { readonly createdAt: number; readonly id: string } | undefined;
  /** Endpoints that the question is about; all without. */
  readonly endpointIds: readonly string[] | undefined;
  readonly kind: EndpointSignalKind | undefined;
  readonly sinceMs: number | undefined;
}

/** A page of signals with the host name of each, newest first. */
export async function listSignals(
  store: ControlStore,
  { limit, before, endpointIds, kind, sinceMs }: SignalFilter,
): Promise<{ rows: (EndpointSignalTable & { facts: string })[]; total: number }> {
  const matching = () => {
    let query = store.selectFrom('endpoint_signal').innerJoin('endpoint', 'endpoint.id', 'endpoint_signal.endpoint_id');
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (sinceMs !== undefined) query = query.where('at', '>=', sinceMs);
    if (endpointIds !== undefined)
      query = query.where('endpoint_id', 'in', endpointIds.length === 0 ? [''] : [...endpointIds]);
    return query;
  };
  let page = matching().selectAll('endpoint_signal').select('endpoint.facts');
  if (before !== undefined)
    page = page.where((row) =>
      row.or([
        row('at', '<', before.createdAt),
        row.and([row('at', '=', before.createdAt), row('endpoint_signal.id', '<', before.id)]),
      ]),
    );
  const rows = await page.orderBy('at', 'desc').orderBy('endpoint_signal.id', 'desc').limit(limit).execute();
  const { total } = await matching()
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { rows, total };
}
