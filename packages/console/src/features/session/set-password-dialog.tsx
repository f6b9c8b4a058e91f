import { NewPassword, type Session } from '@sentinel/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { sessionQuery } from '../../api/get-session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { setPassword } from './set-password.ts';

/** Asks for a new password of the signed-in account. */
export function SetPasswordDialog({ session, onClose }: { readonly session: Session; readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const [password, setText] = useState('');
  const [complaint, setComplaint] = useState<string>();
  const hintId = useId();
  const save = useMutation({
    mutationFn: setPassword,
    onSuccess: (changed) => {
      queryClient.setQueryData(sessionQuery.queryKey, changed);
      onClose();
    },
  });
  return (
    <Dialog title={session.hasPassword ? 'Change the password' : 'Set a password'} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const checked = NewPassword.safeParse(password);
          setComplaint(
            checked.success ? undefined : `The password ${checked.error.issues[0]?.message ?? 'does not fit'}.`,
          );
          if (checked.success) save.mutate(password);
        }}
      >
        <input type="text" name="username" autoComplete="username" value={session.userName} readOnly hidden />
        <label className="field">
          <span className="field__label">New password for {session.userName}</span>
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            value={password}
            aria-describedby={hintId}
            aria-invalid={complaint !== undefined}
            maxLength={256}
            onChange={(event) => setText(event.target.value)}
          />
          <output id={hintId} className={complaint === undefined ? 'field__hint' : 'field__error'}>
            {complaint ?? 'At least 15 characters; several words in a row do well. No other rule.'}
          </output>
        </label>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={save.isPending}>
            {save.isPending ? 'Saving …' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
