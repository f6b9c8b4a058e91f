import { SentinelError } from '@sentinel/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OIDC_START_PATH } from '../api/sessions.ts';
import { originOf } from '../http/authenticate.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import type { Services } from '../services.ts';
import { rolesOf, textsOf } from '../store/account.ts';
import { startSession } from '../store/session.ts';
import { type OidcFlow, OidcSignIn } from './oidc.ts';
import { accountOfOidc } from './oidc-account.ts';
import { CHALLENGE_MS, createChallenge, takeChallenge } from './sign-in-challenge.ts';

const CALLBACK_PATH = '/auth/oidc/callback';
/** Binds the answer to the browser that asked. */
const FLOW_COOKIE = 'sentinel_oidc';
/** Requests a minute and address. */
const RATE = { rateLimit: { max: 60, timeWindow: '1 minute' } };

/** Adds the two redirects of the company's own sign-in, where it is set up. */
export function mountOidc(
  app: FastifyInstance,
  { control, audit, seal, log, metrics, signInSettings }: Services,
  { publicUrl, isSecure }: { readonly publicUrl: string | undefined; readonly isSecure: boolean },
): void {
  const { oidc, groupRoles } = signInSettings;
  if (oidc === undefined) return;
  const signIn = new OidcSignIn(oidc);
  const baseOf = (request: FastifyRequest) => publicUrl ?? `${request.protocol}://${request.host}`;
  app.get(OIDC_START_PATH, { config: RATE }, async (request, reply) => {
    const { returnTo } = request.query as { returnTo?: unknown };
    const { url, flow } = await signIn.start(baseOf(request) + CALLBACK_PATH, localPath(returnTo));
    const { token } = await createChallenge(control, 'oidc', {
      content: seal.sealText(JSON.stringify(flow), 'oidc-flow'),
      nowMs: Date.now(),
    });
    // Lax: the answer comes by a link from another site.
    reply.setCookie(FLOW_COOKIE, token, {
      path: '/auth/oidc',
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      maxAge: CHALLENGE_MS / 1000,
    });
    return reply.redirect(url, 303);
  });
  app.get(CALLBACK_PATH, { config: RATE }, async (request, reply) => {
    const origin = originOf(request);
    const nowMs = Date.now();
    try {
      const token = request.cookies[FLOW_COOKIE];
      reply.clearCookie(FLOW_COOKIE, { path: '/auth/oidc' });
      const challenge = token === undefined ? undefined : await takeChallenge(control, 'oidc', token, nowMs);
      if (challenge === undefined) throw new SentinelError('not-signed-in', 'This sign-in was not begun here.');
      const flow = JSON.parse(seal.unsealText(challenge.content, 'oidc-flow')) as OidcFlow;
      const person = await signIn.finish(new URL(request.url, baseOf(request)), flow);
      const entry = await accountOfOidc(control, person, groupRoles, nowMs);
      const { account } = entry;
      const actor = { accountId: account.id, userName: account.user_name };
      const object = { kind: 'account', id: account.id };
      if (entry.change !== 'none')
        await audit.record(
          actor,
          {
            action: entry.change === 'created' ? 'account.create' : 'account.change',
            object,
            ...(entry.before === undefined ? {} : { before: entry.before }),
            after: { source: 'oidc', roles: rolesOf(account), departments: textsOf(account.departments) },
            reason: 'Groups of the company’s sign-in.',
          },
          origin,
        );
      const started = await startSession(control, account.id, nowMs, { method: 'oidc', origin });
      setSessionCookie(reply, started.token, isSecure);
      await audit.record(started.person, { action: 'session.start', object, after: { method: 'oidc' } });
      return reply.redirect(flow.returnTo, 303);
    } catch (error) {
      metrics.signInsRefused.inc();
      const known = error instanceof SentinelError ? error : undefined;
      log.warn(
        { err: error, cause: (known?.cause as Error | undefined)?.message },
        'a sign-in of the company was refused',
      );
      const reason = known?.code === 'not-signed-in' ? known.message : 'The sign-in of the company failed.';
      return reply.redirect(`/sign-in?refused=${encodeURIComponent(reason)}`, 303);
    }
  });
}

/** A path of our own; anything else could lead a signed-in person to another site. */
function localPath(given: unknown): string {
  return typeof given === 'string' && given.length <= 2_000 && /^\/(?![/\\])/.test(given) ? given : '/';
}
