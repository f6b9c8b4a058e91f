import { type Permission, permissionsOf, SentinelError } from '@sentinel/protocol';
import type { FastifyRequest } from 'fastify';
import type { ControlStore } from '../store/control-store.ts';
import { findEndpointByCredential } from '../store/endpoint.ts';
import { isEnrolmentToken } from '../store/enrolment-token.ts';
import { findPerson, type Person } from '../store/session.ts';

/** Cookie of a person's session. */
export const SESSION_COOKIE = 'sentinel_session';

/** Who calls. */
export interface Caller {
  readonly endpointId?: string;
  readonly person?: Person;
  /** Text of a valid enrolment token. */
  readonly enrolmentToken?: string;
}

/** Finds out who calls and whether they may. */
export type Authenticate = (request: FastifyRequest, permission: Permission) => Promise<Caller>;

/** Checks an agent's bearer credential or a person's session cookie, as the permission asks. */
export function authenticator(control: ControlStore): Authenticate {
  return async (request, permission) => {
    switch (permission) {
      case 'public':
        return {};
      case 'agent':
        return { endpointId: await agentOf(control, request) };
      case 'upload':
        return uploaderOf(control, request);
      default: {
        const person = await personOf(control, request);
        if (!permissionsOf(person.role).has(permission))
          throw new SentinelError('not-allowed', `Your role, ${person.role}, may not do this: it needs ${permission}.`);
        return { person };
      }
    }
  };
}

async function agentOf(control: ControlStore, request: FastifyRequest): Promise<string> {
  const credential = bearerOf(request);
  const endpointId = credential === undefined ? undefined : await findEndpointByCredential(control, credential);
  if (endpointId === undefined)
    throw new SentinelError('not-signed-in', 'This needs the credential of an enrolled agent.');
  return endpointId;
}

/** An agent by its credential, or whoever holds an enrolment token; taking a use of it is the handler's part. */
async function uploaderOf(control: ControlStore, request: FastifyRequest): Promise<Caller> {
  const credential = bearerOf(request);
  const endpointId = credential === undefined ? undefined : await findEndpointByCredential(control, credential);
  if (endpointId !== undefined) return { endpointId };
  if (credential !== undefined && (await isEnrolmentToken(control, credential, Date.now())))
    return { enrolmentToken: credential };
  throw new SentinelError('not-signed-in', 'This needs the credential of an enrolled agent, or an enrolment token.');
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
}

async function personOf(control: ControlStore, request: FastifyRequest): Promise<Person> {
  const token = request.cookies[SESSION_COOKIE];
  const person = token === undefined ? undefined : await findPerson(control, token, Date.now());
  if (person === undefined) throw new SentinelError('not-signed-in', 'This needs a session.');
  return person;
}
