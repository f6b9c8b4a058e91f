import type { RetentionClass } from '@sentinel/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { previewQuery } from './list-retention.ts';

interface Props {
  readonly rule: {
    readonly class: RetentionClass;
    readonly keepDays: number | null;
    readonly shortestDays: number;
  };
  readonly title: string;
  readonly onClose: () => void;
}

/** Changes how long a class is kept, with what would go by that; or removes what is due now. */
export function RetentionDialog({ rule, title, onClose }: Props) {
  const queryClient = useQueryClient();
  const [isAlways, setAlways] = useState(rule.keepDays === null);
  const [days, setDays] = useState(rule.keepDays ?? 365);
  const [reason, setReason] = useState('');
  const isValid = isAlways || days >= rule.shortestDays;
  const preview = useQuery({ ...previewQuery(rule.class, days), enabled: !isAlways && isValid });
  const isChanged = (isAlways ? null : days) !== rule.keepDays;
  const done = async () => {
    await Promise.all(
      ['retention', 'retention-preview', 'disposals'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
    );
    onClose();
  };
  const save = useMutation({
    mutationFn: () =>
      client.setRetention({
        params: { class: rule.class },
        body: { keepDays: isAlways ? null : days, reason: reason.trim() },
      }),
    onSuccess: done,
  });
  const dispose = useMutation({
    mutationFn: () => client.disposeNow({ params: { class: rule.class }, body: { reason: reason.trim() } }),
    onSuccess: done,
  });
  const isBusy = save.isPending || dispose.isPending;
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <label className="check-grid">
          <span>
            <input type="checkbox" checked={isAlways} onChange={(event) => setAlways(event.target.checked)} /> Kept
            always
          </span>
        </label>
        {isAlways ? null : (
          <label className="field">
            <span className="field__label">Days, at least {rule.shortestDays}</span>
            <input
              className="input"
              type="number"
              required
              min={rule.shortestDays}
              max={36_500}
              value={days}
              onChange={(event) => setDays(Number(event.target.value))}
            />
          </label>
        )}
        <div aria-live="polite">
          {isAlways || !isValid ? (
            <p className="muted">Nothing would go.</p>
          ) : preview.isError ? (
            <ProblemNotice error={preview.error} />
          ) : preview.data === undefined ? (
            <Skeleton lines={1} />
          ) : (
            <p>
              {formatCount(preview.data.rows)} rows of {formatCount(preview.data.days.length)} days would go now
              {preview.data.held > 0 ? `; holds keep ${formatCount(preview.data.held)}` : ''}.
            </p>
          )}
        </div>
        <label className="field">
          <span className="field__label">Reason</span>
          <input
            className="input"
            required
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <span className="field__hint">It stands in the audit trail.</span>
        </label>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        {dispose.isError ? <ProblemNotice error={dispose.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button disabled={isBusy || isChanged || isAlways || reason.trim() === ''} onClick={() => dispose.mutate()}>
            {dispose.isPending ? 'Removing …' : 'Remove now what is due'}
          </Button>
          <Button look="primary" type="submit" disabled={isBusy || !isChanged || !isValid || reason.trim() === ''}>
            {save.isPending ? 'Saving …' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
