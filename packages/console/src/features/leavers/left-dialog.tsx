import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { saveLeaver } from './save-leaver.ts';

/** Says by hand that somebody left. */
export function LeftDialog({ onClose }: { readonly onClose: () => void }) {
  const [userName, setUserName] = useState('');
  const [accounts, setAccounts] = useState('');
  const [day, setDay] = useState(() => new Date().toISOString().slice(0, 10));
  const queries = useQueryClient();
  const navigate = useNavigate();
  const save = useMutation({
    mutationFn: saveLeaver,
    onSuccess: (person) => {
      void queries.invalidateQueries({ queryKey: ['leavers'] });
      void navigate({ to: '/leavers/$personId', params: { personId: person.id } });
    },
  });
  return (
    <Dialog title="Somebody left" isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ userName, accounts, day });
        }}
      >
        <label className="field">
          <span className="field__label">Name in the directory</span>
          <input
            className="input"
            required
            maxLength={255}
            placeholder="ann@company.example"
            value={userName}
            onChange={(event) => setUserName(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field__label">Accounts on computers</span>
          <input
            className="input"
            maxLength={1000}
            placeholder="ann, svc_ann"
            value={accounts}
            onChange={(event) => setAccounts(event.target.value)}
          />
          <span className="field__hint">Without any, the name before the @.</span>
        </label>
        <label className="field">
          <span className="field__label">Left on</span>
          <input className="input" type="date" required value={day} onChange={(event) => setDay(event.target.value)} />
        </label>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={save.isPending}>
            {save.isPending ? 'Saving …' : 'Show what they left'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
