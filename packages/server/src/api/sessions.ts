import { SentinelError } from '@sentinel/protocol';
import { hashPassword, isPassword } from '../password-hash.ts';
import type { Services } from '../services.ts';
import { findAccount, setAccountPassword } from '../store/account.ts';
import { endSession, startSession, toSession } from '../store/session.ts';
import { useSignInLink } from '../store/sign-in-link.ts';
import type { Handlers } from './handler.ts';

type SessionOperations = 'getSession' | 'signInWithLink' | 'signIn' | 'signOut' | 'setPassword';

/** Signing in and out. Every refusal reads the same, whatever was wrong. */
export function sessions({ control, metrics, signInGuard }: Services): Handlers<SessionOperations> {
  const refuse = (): never => {
    metrics.signInsRefused.inc();
    throw new SentinelError('not-signed-in', 'The sign-in was refused.');
  };
  return {
    getSession: async ({ person }) => toSession(person),
    async signInWithLink({ body, setSession }) {
      const accountId = await useSignInLink(control, body.token, Date.now());
      if (accountId === undefined) return refuse();
      const { token, person } = await startSession(control, accountId, Date.now());
      setSession(token);
      return toSession(person);
    },
    async signIn({ body, setSession }) {
      signInGuard.check(body.userName, Date.now());
      const account = await findAccount(control, body.userName);
      const right = await isPassword(body.password, account?.password_hash ?? undefined);
      if (!right || account === undefined) {
        signInGuard.failed(body.userName, Date.now());
        return refuse();
      }
      signInGuard.succeeded(body.userName);
      const { token, person } = await startSession(control, account.id, Date.now());
      setSession(token);
      return toSession(person);
    },
    async signOut({ person, setSession }) {
      await endSession(control, person.sessionHash);
      setSession(undefined);
      return {};
    },
    async setPassword({ person, body }) {
      await setAccountPassword(control, person.accountId, await hashPassword(body.password), person.sessionHash);
      return toSession({ ...person, hasPassword: true });
    },
  };
}
