import type { Session } from '@sentinel/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { sessionQuery } from '../../api/get-session.ts';
import { canUsePasskeys } from '../../api/passkey.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/icons.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { SecondFactorForm } from './second-factor-form.tsx';
import { signIn } from './sign-in.ts';
import { signInMethodsQuery } from './sign-in-methods.ts';
import { SignInSearch } from './sign-in-search.ts';
import { signInWithLink } from './sign-in-with-link.ts';
import { signInWithPasskey } from './sign-in-with-passkey.ts';

const route = getRouteApi('/sign-in');

/** Signs in by the one-time link in the address, a passkey, the company's own sign-in, or name and password. */
export function SignInPage() {
  // The router hands on what the shape left out.
  const { returnTo, refused } = SignInSearch.parse(route.useSearch());
  const router = useRouter();
  const queryClient = useQueryClient();
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [secondFactor, setSecondFactor] = useState<string>();
  const methods = useQuery(signInMethodsQuery);
  const enter = (session: Session) => {
    queryClient.setQueryData(sessionQuery.queryKey, session);
    router.history.replace(returnTo ?? '/');
  };
  const byLink = useMutation({ mutationFn: signInWithLink, onSuccess: enter });
  const byName = useMutation({
    mutationFn: signIn,
    onSuccess: (answer) => {
      if ('secondFactor' in answer) setSecondFactor(answer.secondFactor.token);
      else enter(answer);
    },
  });
  const byPasskey = useMutation({ mutationFn: signInWithPasskey, onSuccess: enter });

  const { mutate: redeem } = byLink;
  useEffect(() => {
    document.title = 'Sign in · Sentinel';
    const takeToken = () => {
      const token = new URLSearchParams(location.hash.slice(1)).get('token');
      if (token === null) return;
      // The token works once, yet it must not stay in the address, the history or a screenshot.
      history.replaceState(history.state, '', `${location.pathname}${location.search}`);
      redeem(token);
    };
    takeToken();
    addEventListener('hashchange', takeToken);
    return () => removeEventListener('hashchange', takeToken);
  }, [redeem]);

  return (
    <main className="sign-in">
      <div className="sign-in__card panel">
        <div className="sign-in__brand">
          <Mark size={30} />
          <h1>Sign in to Sentinel</h1>
        </div>
        {byLink.isPending ? <output>Signing in with the link …</output> : null}
        {byLink.isError ? (
          <>
            <ProblemNotice error={byLink.error} />
            <p className="muted">
              A link works once and for a short time. <code>sentinel up</code> prints a new one each time it starts.
            </p>
          </>
        ) : null}
        {refused === undefined ? null : (
          <p className="notice notice--bad" role="alert">
            {refused}
          </p>
        )}
        {secondFactor === undefined ? (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              byLink.reset();
              byName.mutate({ userName, password });
            }}
          >
            <label className="field">
              <span className="field__label">Name</span>
              <input
                className="input"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                maxLength={128}
                value={userName}
                onChange={(event) => setUserName(event.target.value)}
              />
            </label>
            <label className="field">
              <span className="field__label">Password</span>
              <input
                className="input"
                type="password"
                name="password"
                autoComplete="current-password"
                required
                maxLength={256}
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            </label>
            {byName.isError ? <ProblemNotice error={byName.error} /> : null}
            <Button look="primary" type="submit" disabled={byName.isPending || byLink.isPending}>
              {byName.isPending ? 'Signing in …' : 'Sign in'}
            </Button>
          </form>
        ) : (
          <SecondFactorForm token={secondFactor} onEnter={enter} onBack={() => setSecondFactor(undefined)} />
        )}
        {secondFactor !== undefined || (methods.data?.oidc === undefined && !canUsePasskeys()) ? null : (
          <div className="sign-in__others">
            {methods.data?.oidc === undefined ? null : (
              <a className="button button--plain" href={oidcUrl(methods.data.oidc.url, returnTo)}>
                Sign in with {methods.data.oidc.name}
              </a>
            )}
            {canUsePasskeys() ? (
              <Button onClick={() => byPasskey.mutate()} disabled={byPasskey.isPending}>
                {byPasskey.isPending ? 'Waiting for the passkey …' : 'Sign in with a passkey'}
              </Button>
            ) : null}
            {byPasskey.isError ? <ProblemNotice error={byPasskey.error} /> : null}
          </div>
        )}
        {byLink.isIdle ? (
          <p className="muted sign-in__hint">
            First time here? Open the link that <code>sentinel up</code> printed when it started.
          </p>
        ) : null}
      </div>
    </main>
  );
}

function oidcUrl(path: string, returnTo: string | undefined): string {
  return returnTo === undefined ? path : `${path}?${new URLSearchParams({ returnTo }).toString()}`;
}
