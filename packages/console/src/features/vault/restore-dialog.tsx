import type { VaultEntry } from '@sentinel/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { restoreEntry } from './restore-entry.ts';

/** Asks why, then gives the files of a folder that runs again. */
export function RestoreDialog({ entry, onClose }: { readonly entry: VaultEntry; readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: restoreEntry,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['vault'] }),
  });
  return (
    <Dialog title={`Restore ${entry.name}`} isOpen onClose={onClose}>
      {restore.data === undefined ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            restore.mutate({ sha256: entry.sha256, reason });
          }}
        >
          <p className="muted">
            You get the script, a lock file of the packages it really imported, and a README of what it needs.
            Credentials are not in it. The audit log keeps who restored it and why.
          </p>
          <label className="field">
            <span className="field__label">Reason</span>
            <input
              className="input"
              required
              minLength={3}
              maxLength={500}
              placeholder="Handed over to …"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
          {restore.isError ? <ProblemNotice error={restore.error} /> : null}
          <div className="dialog__actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" disabled={restore.isPending}>
              {restore.isPending ? 'Restoring …' : 'Restore'}
            </Button>
          </div>
        </form>
      ) : (
        <div className="stack" aria-live="polite">
          <p>Save these files into one folder; README.md says how to go on.</p>
          <ul className="restored">
            {restore.data.files.map(({ path, text }) => (
              <li key={path}>
                <a download={path} href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>
                  {path}
                </a>
              </li>
            ))}
          </ul>
          <p className="muted">Or at once, where the command is at hand:</p>
          <CommandLine
            command={`npx sentinel vault restore ${entry.sha256.slice(0, 12)} --server ${location.origin} --reason "${reason}"`}
          />
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
