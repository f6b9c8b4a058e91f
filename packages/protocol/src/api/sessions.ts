import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PersonPermission, Role } from '../roles.ts';

/** A signed-in person. */
export const Session = z.object({
  userName: field(z.string(), { description: 'Account name.', sensitivity: 'internal' }),
  role: field(Role, { description: 'The first of the roles.', sensitivity: 'public' }),
  roles: field(z.array(Role), { description: 'All roles.', sensitivity: 'public' }),
  permissions: field(z.array(PersonPermission), { description: 'What the person may do.', sensitivity: 'public' }),
  isScoped: z.boolean().meta({ description: 'Whether the person sees a part of the fleet only.' }),
  departments: field(z.array(z.string()), { description: 'Departments of that part.', sensitivity: 'internal' }),
  isBreakGlass: z.boolean().meta({ description: 'Whether it is the emergency account.' }),
  hasPassword: z.boolean().meta({ description: 'Whether the account can sign in with a password.' }),
  expiresAt: z.iso.datetime({ precision: 3 }),
});
export type Session = z.infer<typeof Session>;

/** A new password: long enough to need no other rule. Source: NIST SP 800-63B-4, 15 characters for single-factor use. */
export const NewPassword = z.string().min(15, 'must have at least 15 characters').max(256);

/** What a password alone is not enough for: a code of the authenticator app, or a recovery code. */
export const SecondFactorAsked = z.object({
  secondFactor: z.object({
    token: field(z.string(), { description: 'Stands for the password that was right.', sensitivity: 'secret' }),
    expiresAt: z.iso.datetime({ precision: 3 }),
  }),
});
export type SecondFactorAsked = z.infer<typeof SecondFactorAsked>;

/** JSON that a browser's credential interface takes or gives. Source: W3C Web Authentication Level 3, section 5.1. */
export const CredentialJson = z.record(z.string(), z.unknown());

/** What a browser needs to use or make a passkey. */
export const PasskeyOptions = z.object({
  token: field(z.string(), { description: 'Goes back with the answer.', sensitivity: 'secret' }),
  options: CredentialJson,
});
export type PasskeyOptions = z.infer<typeof PasskeyOptions>;

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
  response: z.union([Session, SecondFactorAsked]),
});

export const finishSignIn = defineOperation({
  id: 'finishSignIn',
  method: 'POST',
  path: '/session/second-factor',
  permission: 'public',
  summary: 'The second step after a password. Sets the session cookie.',
  body: z.object({
    token: field(z.string().min(1).max(256), { description: 'From the first step.', sensitivity: 'secret' }),
    code: field(z.string().trim().min(6).max(32), {
      description: 'Six digits of the app, or a recovery code.',
      sensitivity: 'secret',
    }),
  }),
  response: Session,
});

export const startPasskeySignIn = defineOperation({
  id: 'startPasskeySignIn',
  method: 'POST',
  path: '/session/passkey/options',
  permission: 'public',
  summary: 'What a browser needs to sign in with a passkey.',
  body: z.object({}),
  response: PasskeyOptions,
});

export const signInWithPasskey = defineOperation({
  id: 'signInWithPasskey',
  method: 'POST',
  path: '/session/passkey',
  permission: 'public',
  summary: 'Sign in with a passkey. Sets the session cookie.',
  body: z.object({ token: z.string().min(1).max(256), credential: CredentialJson }),
  response: Session,
});

export const getSignInMethods = defineOperation({
  id: 'getSignInMethods',
  method: 'GET',
  path: '/session/methods',
  permission: 'public',
  summary: 'How one can sign in here.',
  response: z.object({
    oidc: z
      .object({ name: z.string(), url: z.string() })
      .optional()
      .meta({ description: "The company's own sign-in: its name, and where a browser goes for it." }),
  }),
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
