import { type Enrolment, keyProof, SentinelError } from '@sentinel/protocol';
import { isProven, KEY_TOPIC } from '../channel/agent-door.ts';
import type { Services } from '../services.ts';
import { adoptStanding } from '../store/agent-action.ts';
import { enrolEndpoint } from '../store/endpoint.ts';
import { replaceEndpointKey } from '../store/endpoint-key.ts';
import { createEnrolmentToken } from '../store/enrolment-token.ts';
import type { Handlers } from './handler.ts';

const HOUR_MS = 60 * 60 * 1000;

/** How computers become endpoints. */
export function enrolments({
  control,
  audit,
  signals,
}: Services): Handlers<'enrol' | 'createEnrolmentToken' | 'renewKey'> {
  return {
    async enrol({ body }) {
      const { token, endpoint: facts, publicKey, proof } = body;
      if (!isProven(publicKey, keyProof('enrolment', token, publicKey), proof)) throw unproven();
      const enrolment = await enrolEndpoint(control, { token, facts, publicKey }, Date.now());
      if (enrolment === undefined)
        throw new SentinelError('enrolment-refused', 'The enrolment token is unknown, expired or used up.');
      // An agent without a channel hears at its first heartbeat that something waits for it.
      await adoptStanding(control, enrolment.endpointId, Date.now());
      return toEnrolment(enrolment);
    },
    async renewKey({ endpointId, body: { publicKey, proof } }) {
      if (!isProven(publicKey, keyProof('renewal', endpointId, publicKey), proof)) throw unproven();
      const keyExpiresAtMs = await replaceEndpointKey(control, endpointId, publicKey, Date.now());
      await signals.publish(KEY_TOPIC, endpointId);
      return toEnrolment({ endpointId, keyExpiresAtMs });
    },
    async createEnrolmentToken({ body, person }) {
      const lifeMs = body.expiresInHours * HOUR_MS;
      const made = await createEnrolmentToken(control, { lifeMs, uses: body.uses, nowMs: Date.now() });
      await audit.record(person, {
        action: 'enrolment-token.create',
        object: { kind: 'enrolment-token', id: made.id },
        after: { uses: made.usesLeft, expiresAt: made.expiresAt },
      });
      return made;
    },
  };
}

function toEnrolment({ endpointId, keyExpiresAtMs }: { endpointId: string; keyExpiresAtMs: number }): Enrolment {
  return { endpointId, keyExpiresAt: new Date(keyExpiresAtMs).toISOString() };
}

function unproven(): SentinelError {
  return new SentinelError('bad-request', 'The key is not proven: its signature does not fit.');
}
