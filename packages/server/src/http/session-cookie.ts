import type { FastifyReply } from 'fastify';
import { SESSION_MS } from '../store/session.ts';
import { SESSION_COOKIE } from './authenticate.ts';

/** Sets the session cookie, or takes it away. */
export function setSessionCookie(reply: FastifyReply, token: string | undefined, isSecure: boolean): void {
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
  } as const;
  if (token === undefined) reply.clearCookie(SESSION_COOKIE, options);
  else reply.setCookie(SESSION_COOKIE, token, { ...options, maxAge: SESSION_MS / 1000 });
}
