import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ProblemNotice } from './problem-notice.tsx';

interface Props {
  readonly title: string;
  /** What comes of it. */
  readonly hint: string;
  /** Word on the button. */
  readonly verb: string;
  /** Carries it out with the reason that was given. */
  readonly perform: (reason: string) => Promise<unknown>;
  /** First parts of the query keys that are old afterwards. */
  readonly changes: readonly string[];
  readonly onClose: () => void;
  /** Fields above the reason. */
  readonly children?: ReactNode;
}

/** Asks for a reason before something is done; the reason stands in the audit trail. */
export function ReasonDialog({ title, hint, verb, perform, changes, onClose, children }: Props) {
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const act = useMutation({
    mutationFn: perform,
    onSuccess: async () => {
      await Promise.all(changes.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate(reason.trim());
        }}
      >
        <p className="muted">{hint}</p>
        {children}
        <label className="field">
          <span className="field__label">Reason</span>
          <textarea
            className="input"
            rows={3}
            minLength={3}
            maxLength={2000}
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {act.isError ? <ProblemNotice error={act.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={act.isPending || reason.trim().length < 3}>
            {act.isPending ? 'Working …' : verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
