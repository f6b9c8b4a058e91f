import { type Permission, SentinelError } from '@sentinel/protocol';
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../audit/audit-trail.ts';
import type { AgentDoor } from '../channel/agent-door.ts';
import { API_TOKEN_PREFIX, findTokenPerson } from '../store/api-token.ts';
import type { ControlStore } from '../store/control-store.ts';
import { isEnrolmentToken } from '../store/enrolment-token.ts';
import { findPerson, type Person } from '../store/session.ts';

/** Cookie of a person's session. */
export const SESSION_COOKIE = 'sentinel_session';

/** Who calls. */
export interface Caller {
  readonly endpointId?: string;
  /** Life of the agent, from start to start. */
  readonly bootId?: string;
  readonly person?: Person;
  /** Text of a valid enrolment token. */
  readonly enrolmentToken?: string;
}

/** Finds out who calls and whether they may. */
export type Authenticate = (request: FastifyRequest, permission: Permission) => Promise<Caller>;

/** Longest text of a client's name that is kept. */
const MAX_CLIENT_CHARACTERS = 200;

/** Where a request comes from, as audit records say it. */
export function originOf(request: FastifyRequest): Origin {
  const client = request.headers['user-agent']?.slice(0, MAX_CLIENT_CHARACTERS);
  return { address: request.ip, requestId: request.id, ...(client === undefined ? {} : { client }) };
}

/** Checks an agent's signature, a person's session cookie or an API token, as the permission asks. */
export function authenticator(control: ControlStore, door: AgentDoor): Authenticate {
  return async (request, permission) => {
    if (permission === 'public') return {};
    if (permission === 'agent') return door.check(request);
    if (permission === 'upload') return uploaderOf(control, door, request);
    const person = await personOf(control, request);
    if (person.permissions.has(permission)) return { person };
    const who = person.isToken ? 'This token' : `Your role, ${person.roles.join(' and ')},`;
    throw new SentinelError('not-allowed', `${who} may not do this: it needs ${permission}.`);
  };
}

/** An agent by its signature, or whoever holds an enrolment token; taking a use of it is the handler's part. */
async function uploaderOf(control: ControlStore, door: AgentDoor, request: FastifyRequest): Promise<Caller> {
  if (door.isSigned(request)) return door.check(request);
  const token = bearerOf(request);
  if (token !== undefined && (await isEnrolmentToken(control, token, Date.now()))) return { enrolmentToken: token };
  throw new SentinelError('not-signed-in', 'This needs the signature of an enrolled agent, or an enrolment token.');
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
}

async function personOf(control: ControlStore, request: FastifyRequest): Promise<Person> {
  const bearer = bearerOf(request);
  const token = request.cookies[SESSION_COOKIE];
  const origin = originOf(request);
  // Whoever sends a token means it: the cookie beside it does not count.
  const person = bearer?.startsWith(`${API_TOKEN_PREFIX}_`)
    ? await findTokenPerson(control, bearer, Date.now(), origin)
    : token === undefined
      ? undefined
      : await findPerson(control, token, Date.now(), origin);
  if (person === undefined) throw new SentinelError('not-signed-in', 'This needs a session, or an API token.');
  return person;
}
