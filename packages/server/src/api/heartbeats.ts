import type { Services } from '../services.ts';
import { countOpenActions } from '../store/agent-action.ts';
import { recordHeartbeat } from '../store/endpoint.ts';
import type { Handlers } from './handler.ts';

/** Topic on which other parts hear what the guards of endpoints tell. */
export const ENDPOINT_TOPIC = 'endpoint';

/** Signs of life of the agents. */
export function heartbeats({ control, signals, shelf }: Services): Handlers<'sendHeartbeat'> {
  return {
    async sendHeartbeat({ endpointId, bootId, body }) {
      const nowMs = Date.now();
      const { endpoint: facts, counters, coverage, trust } = body;
      const told = await recordHeartbeat(control, { endpointId, bootId, facts, counters, coverage, trust }, nowMs);
      for (const { kind, count } of told)
        await signals.publish(ENDPOINT_TOPIC, JSON.stringify({ endpointId, kind, count }));
      const [policyVersion, shares, openActions] = await Promise.all([
        shelf.newestVersionFor(facts.groups ?? []),
        shelf.shares(),
        countOpenActions(control, endpointId, nowMs),
      ]);
      return {
        serverTime: new Date(nowMs).toISOString(),
        openActions,
        shares,
        ...(policyVersion === undefined ? {} : { policyVersion }),
      };
    },
  };
}
