import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { CredentialJson, PasskeyOptions } from './sessions.ts';

const Moment = z.iso.datetime({ precision: 3 });

/** A session of an account. */
export const SessionRow = z.object({
  id: z.string(),
  isCurrent: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
  method: z.string().meta({ description: 'How it was signed in.' }),
  address: field(z.string().optional(), { description: 'Address of the sign-in.', sensitivity: 'internal' }),
  client: field(z.string().optional(), { description: 'What the browser called itself.', sensitivity: 'internal' }),
  createdAt: Moment,
  lastSeenAt: Moment.optional(),
  expiresAt: Moment,
});
export type SessionRow = z.infer<typeof SessionRow>;

/** A passkey of an account, without its key. */
export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: Moment,
  lastUsedAt: Moment.optional(),
});
export type Passkey = z.infer<typeof Passkey>;

/** How one's own account signs in. */
export const OwnAccount = z.object({
  userName: z.string(),
  hasPassword: z.boolean(),
  hasTotp: z.boolean().meta({ description: 'Whether a password alone is not enough.' }),
  recoveryCodes: z.int().nonnegative().meta({ description: 'Recovery codes that are left.' }),
  passkeys: z.array(Passkey),
  sessions: z.array(SessionRow),
});
export type OwnAccount = z.infer<typeof OwnAccount>;

const TotpCode = field(z.string().regex(/^\d{6}$/, 'must be six digits'), {
  description: 'Code of the authenticator app.',
  sensitivity: 'secret',
  source: 'RFC 6238',
});

/** Codes that each work once instead of the app. */
const RecoveryCodes = z.object({
  recoveryCodes: field(z.array(z.string()), { description: 'Shown once.', sensitivity: 'secret' }),
});

export const getAccount = defineOperation({
  id: 'getAccount',
  method: 'GET',
  path: '/account',
  permission: 'self',
  summary: 'How the signed-in account signs in, and where it is signed in.',
  response: OwnAccount,
});

export const endOwnSession = defineOperation({
  id: 'endOwnSession',
  method: 'DELETE',
  path: '/account/sessions/:sessionId',
  permission: 'self',
  summary: 'End one of the own sessions.',
  params: z.object({ sessionId: z.string().max(128) }),
  response: z.object({}),
});

export const startTotp = defineOperation({
  id: 'startTotp',
  method: 'POST',
  path: '/account/totp',
  permission: 'self',
  summary: 'Begin to set up an authenticator app. Nothing changes until a code is confirmed.',
  body: z.object({}),
  response: z.object({
    token: field(z.string(), { description: 'Goes back with the code.', sensitivity: 'secret' }),
    secret: field(z.string(), { description: 'Key for the app, in base32.', sensitivity: 'secret' }),
    uri: field(z.string(), { description: 'The same as an otpauth link, for a QR code.', sensitivity: 'secret' }),
  }),
});

export const confirmTotp = defineOperation({
  id: 'confirmTotp',
  method: 'PUT',
  path: '/account/totp',
  permission: 'self',
  summary: 'Finish with a code of the app. Gives recovery codes, once.',
  body: z.object({ token: z.string().min(1).max(256), code: TotpCode }),
  response: RecoveryCodes,
});

export const makeRecoveryCodes = defineOperation({
  id: 'makeRecoveryCodes',
  method: 'POST',
  path: '/account/recovery-codes',
  permission: 'self',
  summary: 'New recovery codes; the old ones end.',
  body: z.object({ code: TotpCode }),
  response: RecoveryCodes,
});

export const removeTotp = defineOperation({
  id: 'removeTotp',
  method: 'POST',
  path: '/account/totp/removal',
  permission: 'self',
  summary: 'Take the authenticator app away.',
  body: z.object({ code: TotpCode }),
  response: z.object({}),
});

export const startPasskey = defineOperation({
  id: 'startPasskey',
  method: 'POST',
  path: '/account/passkeys/options',
  permission: 'self',
  summary: 'What a browser needs to make a passkey.',
  body: z.object({}),
  response: PasskeyOptions,
});

export const addPasskey = defineOperation({
  id: 'addPasskey',
  method: 'POST',
  path: '/account/passkeys',
  permission: 'self',
  summary: 'Keep a passkey that a browser made.',
  body: z.object({
    token: z.string().min(1).max(256),
    name: z.string().trim().min(1).max(100),
    credential: CredentialJson,
  }),
  response: Passkey,
});

export const removePasskey = defineOperation({
  id: 'removePasskey',
  method: 'DELETE',
  path: '/account/passkeys/:passkeyId',
  permission: 'self',
  summary: 'Take a passkey away.',
  params: z.object({ passkeyId: z.string().max(1400) }),
  response: z.object({}),
});
