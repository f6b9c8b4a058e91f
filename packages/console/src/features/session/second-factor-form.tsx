import type { Session } from '@sentinel/protocol';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { finishSignIn } from './finish-sign-in.ts';

interface Props {
  readonly token: string;
  readonly onEnter: (session: Session) => void;
  readonly onBack: () => void;
}

/** Asks for the code that a password is not enough without. */
export function SecondFactorForm({ token, onEnter, onBack }: Props) {
  const [code, setCode] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const finish = useMutation({ mutationFn: finishSignIn, onSuccess: onEnter });
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        finish.mutate({ token, code });
      }}
    >
      <label className="field">
        <span className="field__label">Code</span>
        <input
          ref={field}
          className="input"
          name="one-time-code"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          required
          minLength={6}
          maxLength={32}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <span className="field__hint">Six digits of your authenticator app, or one of your recovery codes.</span>
      </label>
      {finish.isError ? <ProblemNotice error={finish.error} /> : null}
      <div className="dialog__actions">
        <Button onClick={onBack}>Back</Button>
        <Button look="primary" type="submit" disabled={finish.isPending}>
          {finish.isPending ? 'Signing in …' : 'Sign in'}
        </Button>
      </div>
    </form>
  );
}
