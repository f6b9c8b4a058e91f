import { type Account, Role } from '@sentinel/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

interface Props {
  /** Absent for a new one. */
  readonly account?: Account;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

const ROLES = Role.options.filter((role) => role !== 'service');

/** Makes an account, or changes its roles, its reach and its state. */
export function PersonDialog({ account, onClose, onDone }: Props) {
  const [userName, setUserName] = useState(account?.userName ?? '');
  const [roles, setRoles] = useState<readonly Role[]>(account?.roles ?? ['viewer']);
  const [departments, setDepartments] = useState(account?.departments.join(', ') ?? '');
  const [osUsers, setOsUsers] = useState(account?.osUsers.join(', ') ?? '');
  const [isActive, setActive] = useState(account?.isActive ?? true);
  const [reason, setReason] = useState('');
  const save = useMutation({
    mutationFn: async () => {
      const facts = { roles: [...roles], departments: wordsOf(departments), osUsers: wordsOf(osUsers) };
      if (account === undefined) return client.createPerson({ body: { userName, ...facts } });
      const why = reason.trim() === '' ? {} : { reason: reason.trim() };
      const body = { ...(account.kind === 'service' ? { departments: facts.departments } : facts), isActive, ...why };
      return {
        account: await client.updatePerson({ params: { accountId: account.id }, body }),
        signInToken: undefined,
      };
    },
    onSuccess: async ({ signInToken }) => {
      await onDone();
      if (signInToken === undefined) onClose();
    },
  });
  const letIn = useMutation({
    mutationFn: (why: string) =>
      client.createPersonLink({ params: { accountId: account?.id ?? '' }, body: { reason: why } }),
    onSuccess: onDone,
  });
  const token = save.data?.signInToken ?? letIn.data?.signInToken;
  if (token !== undefined)
    return (
      <Dialog title={`Sign-in link for ${userName}`} isOpen onClose={onClose}>
        <div className="stack" aria-live="polite">
          <p>It works once, within 15 minutes. Give it to {userName} on a way that only they read.</p>
          <CommandLine command={`${location.origin}/sign-in#token=${token}`} />
          <div className="dialog__actions">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      </Dialog>
    );
  const isService = account?.kind === 'service';
  return (
    <Dialog title={account === undefined ? 'Add a person' : `Change ${account.userName}`} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {account === undefined ? (
          <label className="field">
            <span className="field__label">Name to sign in with</span>
            <input
              className="input"
              required
              maxLength={128}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={userName}
              onChange={(event) => setUserName(event.target.value)}
            />
          </label>
        ) : null}
        {isService ? null : (
          <fieldset className="check-grid">
            <legend className="field__label">Roles</legend>
            {ROLES.map((role) => (
              <label key={role}>
                <input
                  type="checkbox"
                  checked={roles.includes(role)}
                  onChange={(event) =>
                    setRoles(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))
                  }
                />
                {role}
              </label>
            ))}
          </fieldset>
        )}
        {isService || roles.includes('department-owner') ? (
          <label className="field">
            <span className="field__label">Departments, with commas between</span>
            <input className="input" value={departments} onChange={(event) => setDepartments(event.target.value)} />
          </label>
        ) : null}
        {roles.includes('user') ? (
          <label className="field">
            <span className="field__label">Own accounts on computers, with commas between</span>
            <input className="input" value={osUsers} onChange={(event) => setOsUsers(event.target.value)} />
            <span className="field__hint">Runs of these accounts are theirs, on every machine.</span>
          </label>
        ) : null}
        {account === undefined ? null : (
          <>
            <label className="check-grid">
              <span>
                <input type="checkbox" checked={isActive} onChange={(event) => setActive(event.target.checked)} /> May
                sign in
              </span>
            </label>
            <label className="field">
              <span className="field__label">Reason</span>
              <input
                className="input"
                maxLength={1000}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
              <span className="field__hint">It stands in the audit trail. Needed for a sign-in link.</span>
            </label>
          </>
        )}
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        {letIn.isError ? <ProblemNotice error={letIn.error} /> : null}
        <div className="dialog__actions">
          {account === undefined || isService || !account.isActive ? null : (
            <Button disabled={reason.trim() === '' || letIn.isPending} onClick={() => letIn.mutate(reason.trim())}>
              Make a sign-in link
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={save.isPending || roles.length === 0}>
            {save.isPending ? 'Saving …' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function wordsOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
