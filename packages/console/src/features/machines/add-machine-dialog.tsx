import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Time } from '../../ui/time.tsx';
import { createEnrolmentToken } from './create-enrolment-token.ts';

const HOURS = [
  { value: 1, text: '1 hour' },
  { value: 24, text: '1 day' },
  { value: 24 * 7, text: '7 days' },
];

/** Makes an enrolment token and shows the command for the other computer. */
export function AddMachineDialog({ onClose }: { readonly onClose: () => void }) {
  const [uses, setUses] = useState(1);
  const [expiresInHours, setHours] = useState(24);
  const make = useMutation({ mutationFn: createEnrolmentToken });
  return (
    <Dialog title="Add a machine" isOpen onClose={onClose}>
      {make.data?.token === undefined ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ uses, expiresInHours });
          }}
        >
          <p className="muted">An agent enrols with a token and a key that it makes itself. The token is shown once.</p>
          <label className="field">
            <span className="field__label">Machines that may enrol with it</span>
            <input
              className="input"
              type="number"
              min={1}
              max={100000}
              required
              value={uses}
              onChange={(event) => setUses(Number(event.target.value))}
            />
          </label>
          <label className="field">
            <span className="field__label">Valid for</span>
            <select
              className="select"
              value={expiresInHours}
              onChange={(event) => setHours(Number(event.target.value))}
            >
              {HOURS.map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          {make.isError ? <ProblemNotice error={make.error} /> : null}
          <div className="dialog__actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" disabled={make.isPending}>
              {make.isPending ? 'Making …' : 'Make the token'}
            </Button>
          </div>
        </form>
      ) : (
        <div className="stack" aria-live="polite">
          <p>On the other computer, in a copy of Sentinel:</p>
          <CommandLine command={`npx sentinel agent run --server ${location.origin} --token ${make.data.token}`} />
          <p className="muted">
            For {formatCounted(make.data.usesLeft, 'machine')}, until <Time iso={make.data.expiresAt} />. The machine
            appears in the list with its first sign of life. Close this and the token cannot be shown again.
          </p>
          {isLocal(location.hostname) ? (
            <p className="notice notice--warn">
              You opened the console as {location.hostname}, which means another computer there. Put the name of this
              computer into the command.
            </p>
          ) : null}
          <div className="dialog__actions">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function isLocal(hostName: string): boolean {
  return hostName === 'localhost' || hostName === '[::1]' || hostName.startsWith('127.');
}
