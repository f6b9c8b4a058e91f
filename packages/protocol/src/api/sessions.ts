import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { Role } from '../roles.ts';

/** A signed-in person. */
export const Session = z.object({
  userName: field(z.string(), { description: 'Account name.', sensitivity: 'internal' }),
  role: field(Role, { description: 'What the person may do.', sensitivity: 'public' }),
  hasPassword: z.boolean().meta({ description: 'Whether the account can sign in with a password.' }),
  expiresAt: z.iso.datetime({ precision: 3 }),
});
export type Session = z.infer<typeof Session>;

/** A new password: long enough to need no other rule. Source: NIST SP 800-63B-4, 15 characters for single-factor use. */
export const NewPassword = z.string().min(15, 'must have at least 15 characters').max(256);

export const getSession = defineOperation({
  id: 'getSession',
  method: 'GET',
  path: '/session',
  permission: 'self',
  summary: 'Who is signed in.',
  response: Session,
});

export const signInWithLink = defineOperation({
  id: 'signInWithLink',
  method: 'POST',
  path: '/session/link',
  permission: 'public',
  summary: 'Sign in with a one-time link. Sets the session cookie.',
  body: z.object({
    token: field(z.string().min(1).max(256), { description: 'Token of the link.', sensitivity: 'secret' }),
  }),
  response: Session,
});

export const signIn = defineOperation({
  id: 'signIn',
  method: 'POST',
  path: '/session',
  permission: 'public',
  summary: 'Sign in with name and password. Sets the session cookie.',
  body: z.object({
    userName: z.string().min(1).max(128),
    password: field(z.string().min(1).max(256), { description: 'Password.', sensitivity: 'secret' }),
  }),
  response: Session,
});

export const signOut = defineOperation({
  id: 'signOut',
  method: 'DELETE',
  path: '/session',
  permission: 'self',
  summary: 'Sign out.',
  response: z.object({}),
});

export const setPassword = defineOperation({
  id: 'setPassword',
  method: 'PUT',
  path: '/session/password',
  permission: 'self',
  summary: 'Set the password of the signed-in account.',
  body: z.object({ password: field(NewPassword, { description: 'New password.', sensitivity: 'secret' }) }),
  response: Session,
});
