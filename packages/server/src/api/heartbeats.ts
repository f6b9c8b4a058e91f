import type { Services } from '../services.ts';
import { recordHeartbeat } from '../store/endpoint.ts';
import type { Handlers } from './handler.ts';

/** Signs of life of the agents. */
export function heartbeats({ control }: Services): Handlers<'sendHeartbeat'> {
  return {
    async sendHeartbeat({ endpointId, body }) {
      const nowMs = Date.now();
      await recordHeartbeat(control, endpointId, body.endpoint, body.counters, body.coverage, nowMs);
      return { serverTime: new Date(nowMs).toISOString() };
    },
  };
}
