import { type Passkey, SentinelError } from '@sentinel/protocol';
import { keepPasskey, type PasskeyTable, passkeySite, registrationOptions } from '../identity/passkeys.ts';
import { replaceRecoveryCodes } from '../identity/recovery-codes.ts';
import { createChallenge, takeChallenge } from '../identity/sign-in-challenge.ts';
import { checkTotp, newTotpSecret, totpUri } from '../identity/totp.ts';
import type { Services } from '../services.ts';
import { findAccountById } from '../store/account.ts';
import { listSessions } from '../store/own-sessions.ts';
import type { Person } from '../store/session.ts';
import type { Handlers } from './handler.ts';

type AccountOperations =
  | 'getAccount'
  | 'endOwnSession'
  | 'startTotp'
  | 'confirmTotp'
  | 'makeRecoveryCodes'
  | 'removeTotp'
  | 'startPasskey'
  | 'addPasskey'
  | 'removePasskey';

/** How the signed-in account proves who it is. */
export function account({ control, audit, seal, signInLock }: Services): Handlers<AccountOperations> {
  const contextOf = (person: Person) => `totp/${person.accountId}`;
  const record = (person: Person, action: string, after?: unknown) =>
    audit.record(person, { action, object: { kind: 'account', id: person.accountId }, after });
  /** Checks a code of the app that is set up. */
  const checkCode = async (person: Person, code: string): Promise<void> => {
    const nowMs = Date.now();
    await signInLock.check(person.userName, nowMs);
    const row = await findAccountById(control, person.accountId);
    if (row === undefined || row.totp_secret === null)
      throw new SentinelError('conflict', 'No authenticator app is set up.');
    const step = checkTotp(seal.unsealText(row.totp_secret, contextOf(person)), code, nowMs, row.totp_step);
    if (step === undefined) {
      await signInLock.failed(person.userName, nowMs);
      throw new SentinelError('bad-request', 'body: code: is not the present code of the app, or was used already');
    }
    await control.updateTable('account').set({ totp_step: step }).where('id', '=', person.accountId).execute();
  };
  return {
    async getAccount({ person }) {
      const [row, passkeys, codes, sessions] = await Promise.all([
        findAccountById(control, person.accountId),
        control
          .selectFrom('passkey')
          .selectAll()
          .where('account_id', '=', person.accountId)
          .orderBy('created_at')
          .execute(),
        control
          .selectFrom('recovery_code')
          .select(({ fn }) => fn.countAll<number>().as('left'))
          .where('account_id', '=', person.accountId)
          .executeTakeFirstOrThrow(),
        listSessions(control, person.accountId, person.sessionId, Date.now()),
      ]);
      return {
        userName: person.userName,
        hasPassword: person.hasPassword,
        hasTotp: row?.totp_secret !== null,
        recoveryCodes: codes.left,
        passkeys: passkeys.map(toPasskey),
        sessions,
      };
    },
    async endOwnSession({ person, params }) {
      const { numDeletedRows } = await control
        .deleteFrom('session')
        .where('account_id', '=', person.accountId)
        .where('id', '=', params.sessionId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new SentinelError('not-found', 'There is no such session of yours.');
      await audit.record(person, { action: 'session.end', object: { kind: 'session', id: params.sessionId } });
      return {};
    },
    async startTotp({ person }) {
      const secret = newTotpSecret();
      const { token } = await createChallenge(control, 'totp-setup', {
        accountId: person.accountId,
        content: seal.sealText(secret, contextOf(person)),
        nowMs: Date.now(),
      });
      return { token, secret, uri: totpUri(secret, person.userName) };
    },
    async confirmTotp({ person, body }) {
      const nowMs = Date.now();
      const challenge = await takeChallenge(control, 'totp-setup', body.token, nowMs);
      if (challenge === undefined || challenge.account_id !== person.accountId)
        throw new SentinelError('conflict', 'This took too long, or was done already: begin again.');
      const step = checkTotp(seal.unsealText(challenge.content, contextOf(person)), body.code, nowMs, null);
      if (step === undefined)
        throw new SentinelError('bad-request', 'body: code: is not the present code of the app; begin again');
      await control
        .updateTable('account')
        .set({ totp_secret: challenge.content, totp_step: step, updated_at: nowMs })
        .where('id', '=', person.accountId)
        .execute();
      const recoveryCodes = await replaceRecoveryCodes(control, person.accountId);
      await record(person, 'account.set-totp');
      return { recoveryCodes };
    },
    async makeRecoveryCodes({ person, body }) {
      await checkCode(person, body.code);
      const recoveryCodes = await replaceRecoveryCodes(control, person.accountId);
      await record(person, 'account.make-recovery-codes');
      return { recoveryCodes };
    },
    async removeTotp({ person, body }) {
      await checkCode(person, body.code);
      await control
        .updateTable('account')
        .set({ totp_secret: null, totp_step: null, updated_at: Date.now() })
        .where('id', '=', person.accountId)
        .execute();
      await control.deleteFrom('recovery_code').where('account_id', '=', person.accountId).execute();
      await record(person, 'account.remove-totp');
      return {};
    },
    async startPasskey({ person, baseUrl }) {
      const site = passkeySite(baseUrl);
      if (isAddress(site.rpId))
        throw new SentinelError(
          'conflict',
          'A browser makes passkeys for names only: open the console under a host name, such as localhost.',
        );
      const options = await registrationOptions(control, person, site);
      const { token } = await createChallenge(control, 'passkey-setup', {
        accountId: person.accountId,
        content: options.challenge,
        nowMs: Date.now(),
      });
      return { token, options: { ...options } };
    },
    async addPasskey({ person, body, baseUrl }) {
      const nowMs = Date.now();
      const challenge = await takeChallenge(control, 'passkey-setup', body.token, nowMs);
      if (challenge === undefined || challenge.account_id !== person.accountId)
        throw new SentinelError('conflict', 'This took too long, or was done already: begin again.');
      const row = await keepPasskey(control, {
        accountId: person.accountId,
        name: body.name,
        credential: body.credential,
        challenge: challenge.content,
        site: passkeySite(baseUrl),
        nowMs,
      });
      await record(person, 'account.add-passkey', { passkey: row.id, name: row.name });
      return toPasskey(row);
    },
    async removePasskey({ person, params }) {
      const { numDeletedRows } = await control
        .deleteFrom('passkey')
        .where('account_id', '=', person.accountId)
        .where('id', '=', params.passkeyId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new SentinelError('not-found', 'There is no such passkey of yours.');
      await record(person, 'account.remove-passkey', { passkey: params.passkeyId });
      return {};
    },
  };
}

function toPasskey(row: PasskeyTable): Passkey {
  return {
    id: row.id,
    name: row.name,
    createdAt: new Date(row.created_at).toISOString(),
    ...(row.last_used_at === null ? {} : { lastUsedAt: new Date(row.last_used_at).toISOString() }),
  };
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host);
}
