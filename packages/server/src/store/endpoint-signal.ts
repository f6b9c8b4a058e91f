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

/** Signals of all endpoints since a time, oldest first. */
export function listSignals(store: ControlStore, sinceMs: number, limit: number): Promise<EndpointSignalTable[]> {
  return store
    .selectFrom('endpoint_signal')
    .selectAll()
    .where('at', '>=', sinceMs)
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute();
}
