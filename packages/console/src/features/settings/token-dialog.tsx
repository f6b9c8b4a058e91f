import { PERSONAL_PERMISSIONS, type PersonPermission } from '@sentinel/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { sessionQuery } from '../../api/get-session.ts';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Time } from '../../ui/time.tsx';

const DAYS = [7, 30, 90, 366];

/** Makes an API token and shows it once. */
export function TokenDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const session = useQuery(sessionQuery);
  const [name, setName] = useState('');
  const [service, setService] = useState('');
  const [permissions, setPermissions] = useState<readonly PersonPermission[]>(['read']);
  const [expiresInDays, setDays] = useState(90);
  const make = useMutation({
    mutationFn: () =>
      client.createToken({
        body: {
          name,
          permissions: [...permissions],
          expiresInDays,
          ...(service.trim() === '' ? {} : { service: service.trim() }),
        },
      }),
    onSuccess: onDone,
  });
  const isService = service.trim() !== '';
  const offered = (session.data?.permissions ?? []).filter((one) =>
    isService ? !PERSONAL_PERMISSIONS.includes(one) : one !== 'self',
  );
  if (make.data !== undefined)
    return (
      <Dialog title={`The token ${make.data.name}`} isOpen onClose={onClose}>
        <div className="stack" aria-live="polite">
          <p>This is the only time that it is shown.</p>
          <CommandLine command={make.data.token} />
          <p className="muted">
            For the command line: <code>SENTINEL_TOKEN=…</code>. It ends <Time iso={make.data.expiresAt} />.
          </p>
          <div className="dialog__actions">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      </Dialog>
    );
  return (
    <Dialog title="Make a token" isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <label className="field">
          <span className="field__label">What it is for</span>
          <input
            className="input"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field__label">Service that it acts as</span>
          <input
            className="input"
            maxLength={128}
            autoCapitalize="none"
            spellCheck={false}
            value={service}
            onChange={(event) => setService(event.target.value)}
          />
          <span className="field__hint">A service account, made if it is new. Left empty, the token acts as you.</span>
        </label>
        <fieldset className="check-grid">
          <legend className="field__label">What it may do</legend>
          {offered.map((permission) => (
            <label key={permission}>
              <input
                type="checkbox"
                checked={permissions.includes(permission)}
                onChange={(event) =>
                  setPermissions(
                    event.target.checked
                      ? [...permissions, permission]
                      : permissions.filter((one) => one !== permission),
                  )
                }
              />
              {permission}
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span className="field__label">Valid for</span>
          <select className="select" value={expiresInDays} onChange={(event) => setDays(Number(event.target.value))}>
            {DAYS.map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
          </select>
        </label>
        {make.isError ? <ProblemNotice error={make.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={make.isPending || permissions.length === 0}>
            {make.isPending ? 'Making …' : 'Make the token'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
