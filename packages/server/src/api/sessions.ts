import { SentinelError, type Session } from '@sentinel/protocol';
import type { Origin } from '../audit/audit-trail.ts';
import { accountOfPasskey, authenticationOptions, passkeySite } from '../identity/passkeys.ts';
import { useRecoveryCode } from '../identity/recovery-codes.ts';
import { createChallenge, readChallenge, takeChallenge } from '../identity/sign-in-challenge.ts';
import { checkTotp } from '../identity/totp.ts';
import { hashPassword, isPassword } from '../password-hash.ts';
import type { Services } from '../services.ts';
import { type AccountRow, findAccount, findAccountById, setAccountPassword } from '../store/account.ts';
import { endSession, type SignInMethod, startSession, toSession } from '../store/session.ts';
import { useSignInLink } from '../store/sign-in-link.ts';
import type { Handlers } from './handler.ts';

type SessionOperations =
  | 'getSession'
  | 'signInWithLink'
  | 'signIn'
  | 'finishSignIn'
  | 'startPasskeySignIn'
  | 'signInWithPasskey'
  | 'getSignInMethods'
  | 'signOut'
  | 'setPassword';

/** Path that leads a browser to the company's own sign-in. */
export const OIDC_START_PATH = '/auth/oidc/start';

/** Signing in and out. Every refusal reads the same, whatever was wrong. */
export function sessions({
  control,
  metrics,
  signInLock,
  audit,
  seal,
  signInSettings,
}: Services): Handlers<SessionOperations> {
  const refuse = (): never => {
    metrics.signInsRefused.inc();
    throw new SentinelError('not-signed-in', 'The sign-in was refused.');
  };
  const enter = async (
    accountId: string,
    method: SignInMethod,
    origin: Origin,
    setSession: (token: string) => void,
  ): Promise<Session> => {
    const { token, person } = await startSession(control, accountId, Date.now(), { method, origin });
    setSession(token);
    await audit.record(person, {
      action: method === 'break-glass' ? 'session.break-glass' : 'session.start',
      object: { kind: 'account', id: accountId },
      after: { method },
    });
    return toSession(person);
  };
  const fail = async (account: AccountRow | undefined, userName: string, origin: Origin): Promise<never> => {
    const isLocked = await signInLock.failed(userName, Date.now());
    // A name that is no account's is not kept: a mistyped name may be a password.
    if (account !== undefined)
      await audit.record(
        { accountId: account.id, userName: account.user_name },
        { action: isLocked ? 'session.lock' : 'session.refuse', object: { kind: 'account', id: account.id } },
        origin,
      );
    return refuse();
  };
  return {
    getSession: async ({ person }) => toSession(person),
    async signInWithLink({ body, setSession, origin }) {
      const accountId = await useSignInLink(control, body.token, Date.now());
      const account = accountId === undefined ? undefined : await findAccountById(control, accountId);
      if (account === undefined || account.is_active !== 1) return refuse();
      return enter(account.id, account.is_break_glass === 1 ? 'break-glass' : 'link', origin, setSession);
    },
    async signIn({ body, setSession, origin }) {
      await signInLock.check(body.userName, Date.now());
      const account = await findAccount(control, body.userName);
      const right = await isPassword(body.password, account?.password_hash ?? undefined);
      if (!right || account === undefined || account.is_active !== 1) return fail(account, body.userName, origin);
      if (account.totp_secret !== null) {
        const { token, expiresAtMs } = await createChallenge(control, 'second-factor', {
          accountId: account.id,
          content: '',
          nowMs: Date.now(),
        });
        return { secondFactor: { token, expiresAt: new Date(expiresAtMs).toISOString() } };
      }
      await signInLock.succeeded(body.userName);
      return enter(account.id, 'password', origin, setSession);
    },
    async finishSignIn({ body, setSession, origin }) {
      const challenge = await readChallenge(control, 'second-factor', body.token, Date.now());
      const account =
        challenge?.account_id === undefined || challenge.account_id === null
          ? undefined
          : await findAccountById(control, challenge.account_id);
      if (account === undefined || account.is_active !== 1) return refuse();
      await signInLock.check(account.user_name, Date.now());
      const method = await secondFactor(account, body.code);
      if (method === undefined) return fail(account, account.user_name, origin);
      if ((await takeChallenge(control, 'second-factor', body.token, Date.now())) === undefined) return refuse();
      await signInLock.succeeded(account.user_name);
      return enter(account.id, method, origin, setSession);
    },
    async startPasskeySignIn({ baseUrl }) {
      const options = await authenticationOptions(passkeySite(baseUrl));
      const { token } = await createChallenge(control, 'passkey-sign-in', {
        content: options.challenge,
        nowMs: Date.now(),
      });
      return { token, options: { ...options } };
    },
    async signInWithPasskey({ body, setSession, origin, baseUrl }) {
      const nowMs = Date.now();
      const challenge = await takeChallenge(control, 'passkey-sign-in', body.token, nowMs);
      if (challenge === undefined) return refuse();
      const found = await accountOfPasskey(control, {
        credential: body.credential,
        challenge: challenge.content,
        site: passkeySite(baseUrl),
        nowMs,
      });
      const account = found === undefined ? undefined : await findAccountById(control, found.accountId);
      if (account === undefined || account.is_active !== 1) return refuse();
      return enter(account.id, 'passkey', origin, setSession);
    },
    async getSignInMethods() {
      const { oidc } = signInSettings;
      return oidc === undefined ? {} : { oidc: { name: oidc.name, url: OIDC_START_PATH } };
    },
    async signOut({ person, setSession }) {
      await endSession(control, person.sessionHash);
      setSession(undefined);
      await audit.record(person, { action: 'session.end', object: { kind: 'account', id: person.accountId } });
      return {};
    },
    async setPassword({ person, body }) {
      await setAccountPassword(control, person.accountId, await hashPassword(body.password), person.sessionHash);
      await audit.record(person, { action: 'account.set-password', object: { kind: 'account', id: person.accountId } });
      return toSession({ ...person, hasPassword: true });
    },
  };

  async function secondFactor(account: AccountRow, code: string): Promise<SignInMethod | undefined> {
    if (account.totp_secret === null) return undefined;
    if (!/^\d{6}$/.test(code))
      return (await useRecoveryCode(control, account.id, code)) ? 'password+recovery' : undefined;
    const secret = seal.unsealText(account.totp_secret, `totp/${account.id}`);
    const step = checkTotp(secret, code, Date.now(), account.totp_step);
    if (step === undefined) return undefined;
    // Of two requests with one code the second finds the step taken.
    const { numUpdatedRows } = await control
      .updateTable('account')
      .set({ totp_step: step })
      .where('id', '=', account.id)
      .where((row) => row.or([row('totp_step', 'is', null), row('totp_step', '<', step)]))
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n ? 'password+totp' : undefined;
  }
}
