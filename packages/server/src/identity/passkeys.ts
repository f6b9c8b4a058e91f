import { SentinelError } from '@sentinel/protocol';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { ControlStore } from '../store/control-store.ts';

/** Row of a passkey. */
export interface PasskeyTable {
  /** Credential id in base64url. */
  id: string;
  account_id: string;
  name: string;
  /** COSE key in base64url. */
  public_key: string;
  /** How often it was used, where the authenticator counts. */
  counter: number;
  /** JSON. */
  transports: string;
  created_at: number;
  last_used_at: number | null;
}

/** The site that passkeys belong to, as the browser sees it. */
export interface PasskeySite {
  /** Host name; passkeys do not work with a bare address. Source: W3C Web Authentication Level 3, section 5.1.3. */
  readonly rpId: string;
  readonly origin: string;
}

/** The site of a base URL. */
export function passkeySite(baseUrl: string): PasskeySite {
  const url = new URL(baseUrl);
  return { rpId: url.hostname, origin: url.origin };
}

/** Options to make a passkey, and the challenge to remember. */
export async function registrationOptions(
  store: ControlStore,
  account: { readonly accountId: string; readonly userName: string },
  site: PasskeySite,
) {
  const known = await store
    .selectFrom('passkey')
    .select(['id', 'transports'])
    .where('account_id', '=', account.accountId)
    .execute();
  return generateRegistrationOptions({
    rpName: 'Sentinel',
    rpID: site.rpId,
    userName: account.userName,
    userID: new TextEncoder().encode(account.accountId),
    attestationType: 'none',
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: JSON.parse(transports) as string[] })),
    // A passkey stands for both factors: it must know who holds it.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/**
 * Keeps a passkey that a browser made.
 * @throws SentinelError `bad-request` if it does not answer the challenge.
 */
export async function keepPasskey(
  store: ControlStore,
  given: {
    readonly accountId: string;
    readonly name: string;
    readonly credential: Readonly<Record<string, unknown>>;
    readonly challenge: string;
    readonly site: PasskeySite;
    readonly nowMs: number;
  },
): Promise<PasskeyTable> {
  const verified = await verifyRegistrationResponse({
    response: given.credential as unknown as RegistrationResponseJSON,
    expectedChallenge: given.challenge,
    expectedOrigin: given.site.origin,
    expectedRPID: given.site.rpId,
    requireUserVerification: true,
  }).catch(refused);
  if (!verified.verified) throw refusal();
  const { credential } = verified.registrationInfo;
  const row: PasskeyTable = {
    id: credential.id,
    account_id: given.accountId,
    name: given.name,
    public_key: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: JSON.stringify(credential.transports ?? []),
    created_at: given.nowMs,
    last_used_at: null,
  };
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('passkey')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) throw new SentinelError('conflict', 'This passkey is known already.');
  return row;
}

/** Options to sign in with whichever passkey the browser has for this site. */
export function authenticationOptions(site: PasskeySite) {
  return generateAuthenticationOptions({ rpID: site.rpId, userVerification: 'required' });
}

/** Id of the account whose passkey answered the challenge, or undefined. */
export async function accountOfPasskey(
  store: ControlStore,
  given: {
    readonly credential: Readonly<Record<string, unknown>>;
    readonly challenge: string;
    readonly site: PasskeySite;
    readonly nowMs: number;
  },
): Promise<{ accountId: string; passkeyId: string } | undefined> {
  const { id } = given.credential;
  if (typeof id !== 'string') return undefined;
  const row = await store.selectFrom('passkey').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: given.credential as unknown as AuthenticationResponseJSON,
      expectedChallenge: given.challenge,
      expectedOrigin: given.site.origin,
      expectedRPID: given.site.rpId,
      requireUserVerification: true,
      credential: {
        id: row.id,
        publicKey: new Uint8Array(Buffer.from(row.public_key, 'base64url')),
        counter: row.counter,
        transports: JSON.parse(row.transports) as [],
      },
    });
    if (!verified) return undefined;
    await store
      .updateTable('passkey')
      .set({ counter: authenticationInfo.newCounter, last_used_at: given.nowMs })
      .where('id', '=', row.id)
      .execute();
    return { accountId: row.account_id, passkeyId: row.id };
  } catch {
    // Whatever is wrong with it, it is not the passkey's own answer.
    return undefined;
  }
}

function refused(error: unknown): never {
  throw new SentinelError('bad-request', 'The passkey does not answer what was asked.', { cause: error });
}

function refusal(): SentinelError {
  return new SentinelError('bad-request', 'The passkey does not answer what was asked.');
}
