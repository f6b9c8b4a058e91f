import { SentinelError } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { enrolEndpoint } from '../store/endpoint.ts';
import { createEnrolmentToken } from '../store/enrolment-token.ts';
import type { Handlers } from './handler.ts';

const HOUR_MS = 60 * 60 * 1000;

/** How computers become endpoints. */
export function enrolments({ control }: Services): Handlers<'enrol' | 'createEnrolmentToken'> {
  return {
    async enrol({ body }) {
      const enrolment = await enrolEndpoint(control, body.token, body.endpoint, Date.now());
      if (enrolment === undefined)
        throw new SentinelError('enrolment-refused', 'The enrolment token is unknown, expired or used up.');
      return enrolment;
    },
    createEnrolmentToken: ({ body }) =>
      createEnrolmentToken(control, { lifeMs: body.expiresInHours * HOUR_MS, uses: body.uses, nowMs: Date.now() }),
  };
}
