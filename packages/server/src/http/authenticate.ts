import { type Permission, SentinelError } from '@sentinel/protocol';
import type { FastifyRequest } from 'fastify';
import type { ControlStore } from '../store/control-store.ts';
import { findEndpointByCredential } from '../store/endpoint.ts';
import { findPerson, type Person } from '../store/session.ts';

/** Cookie of a person's session. */
export const SESSION_COOKIE = 'sentinel_session';

/** Who calls. */
export interface Caller {
  readonly endpointId?: string;
  readonly person?: Person;
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
      case 'read':
        return { person: await personOf(control, request) };
      case 'manage': {
        const person = await personOf(control, request);
        if (person.role !== 'owner') throw new SentinelError('not-allowed', 'Only an owner may do this.');
        return { person };
      }
    }
  };
}

async function agentOf(control: ControlStore, request: FastifyRequest): Promise<string> {
  const credential = /^Bearer (\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
  const endpointId = credential === undefined ? undefined : await findEndpointByCredential(control, credential);
  if (endpointId === undefined)
    throw new SentinelError('not-signed-in', 'This needs the credential of an enrolled agent.');
  return endpointId;
}

async function personOf(control: ControlStore, request: FastifyRequest): Promise<Person> {
  const token = request.cookies[SESSION_COOKIE];
  const person = token === undefined ? undefined : await findPerson(control, token, Date.now());
  if (person === undefined) throw new SentinelError('not-signed-in', 'This needs a session.');
  return person;
}
