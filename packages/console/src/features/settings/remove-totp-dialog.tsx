import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

interface Props {
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

/** Takes the authenticator app away, with a code of it. */
export function RemoveTotpDialog({ onClose, onDone }: Props) {
  const [code, setCode] = useState('');
  const remove = useMutation({
    mutationFn: () => client.removeTotp({ body: { code } }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <Dialog title="Take the authenticator app away" isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate();
        }}
      >
        <p>Afterwards a password alone signs in. The recovery codes end too.</p>
        <label className="field">
          <span className="field__label">Code that the app shows now</span>
          <input
            className="input"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="\d{6}"
            required
            value={code}
            onChange={(event) => setCode(event.target.value.trim())}
          />
        </label>
        {remove.isError ? <ProblemNotice error={remove.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={remove.isPending}>
            Take it away
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
