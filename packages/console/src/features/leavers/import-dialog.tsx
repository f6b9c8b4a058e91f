import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { importPeople } from './import-people.ts';

/** Reads a list of the personnel department and says what came of it. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const [file, setFile] = useState<File>();
  const queries = useQueryClient();
  const load = useMutation({
    mutationFn: importPeople,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['leavers'] }),
  });
  return (
    <Dialog title="Import a list of people" isOpen onClose={onClose}>
      {load.data === undefined ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (file !== undefined) load.mutate(file);
          }}
        >
          <p className="muted">
            A CSV file with a line of headings: login, and where there is: name, department, manager, accounts, status,
            lastDay. Whoever it does not name stays as they are.
          </p>
          <label className="field">
            <span className="field__label">File</span>
            <input
              className="input"
              type="file"
              accept=".csv,text/csv,text/plain"
              required
              onChange={(event) => setFile(event.target.files?.[0])}
            />
          </label>
          {load.isError ? <ProblemNotice error={load.error} /> : null}
          <div className="dialog__actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" disabled={load.isPending || file === undefined}>
              {load.isPending ? 'Reading …' : 'Import'}
            </Button>
          </div>
        </form>
      ) : (
        <div className="stack" aria-live="polite">
          <p>
            {load.data.added} new, {load.data.changed} changed, {load.data.unchanged} as they were.{' '}
            {load.data.left.length === 0 ? 'Nobody new has left.' : `Left: ${load.data.left.join(', ')}.`}
          </p>
          {load.data.rejected.length === 0 ? null : (
            <div className="notice notice--warn">
              <div>
                <span className="notice__title">
                  {formatCounted(load.data.rejected.length, 'line')} could not be read
                </span>
                {load.data.rejected.slice(0, 10).map(({ line, reason }) => (
                  <span key={line}>
                    Line {line}: {reason}
                  </span>
                ))}
              </div>
            </div>
          )}
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
