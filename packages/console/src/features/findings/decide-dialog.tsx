import type { FindingChange } from '@sentinel/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { changeFindings } from './change-findings.ts';

/** What can be decided about findings. */
export type Decision = 'accepted' | 'fixed' | 'open' | 'note';

const TITLES: Readonly<Record<Decision, string>> = {
  accepted: 'Accept the risk for a time',
  fixed: 'Say that it is fixed',
  open: 'Open it again',
  note: 'Note something',
};
const HINTS: Readonly<Record<Decision, string>> = {
  accepted: 'It is open again after the last day. Everybody who reads the finding sees who accepted it, and why.',
  fixed: 'If a later run shows it again, it comes back as regressed and you are told.',
  open: 'It waits for somebody again.',
  note: 'A note stands in the history and cannot be taken back.',
};
/** Days that an acceptance has unless somebody says otherwise. */
const USUAL_DAYS = 30;
const DAY_MS = 86_400_000;

/** Asks for what a decision needs and carries it out. */
export function DecideDialog({
  ids,
  decision,
  onClose,
}: {
  readonly ids: readonly string[];
  readonly decision: Decision;
  readonly onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [owner, setOwner] = useState('');
  const [until, setUntil] = useState(dayFromNow(USUAL_DAYS));
  const decide = useMutation({
    mutationFn: changeFindings,
    onSuccess: async () => {
      await Promise.all(
        ['findings', 'finding', 'risk'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      );
      onClose();
    },
  });
  const submit = () => {
    const said = text.trim();
    const change: FindingChange = {
      ...(decision === 'note' ? {} : { state: decision }),
      ...(decision === 'accepted' ? { acceptedUntil: until, reason: said } : {}),
      ...(decision !== 'accepted' && said !== '' ? { note: said } : {}),
      ...(owner.trim() === '' ? {} : { owner: owner.trim() }),
    };
    decide.mutate({ ids, change });
  };
  return (
    <Dialog title={TITLES[decision]} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p className="muted">
          {ids.length > 1 ? `For ${formatCounted(ids.length, 'finding')}. ` : ''}
          {HINTS[decision]}
        </p>
        {decision === 'accepted' ? (
          <label className="field">
            <span className="field__label">Last day</span>
            <input
              className="input"
              type="date"
              required
              min={dayFromNow(1)}
              max={dayFromNow(365)}
              value={until}
              onChange={(event) => setUntil(event.target.value)}
            />
          </label>
        ) : null}
        <label className="field">
          <span className="field__label">{decision === 'accepted' ? 'Reason' : 'Note'}</span>
          <textarea
            className="input"
            rows={3}
            minLength={3}
            maxLength={2000}
            required={decision === 'accepted' || decision === 'note'}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field__label">Owner (stays as it is when empty)</span>
          <input
            className="input"
            type="text"
            maxLength={200}
            value={owner}
            onChange={(event) => setOwner(event.target.value)}
          />
        </label>
        {decide.isError ? <ProblemNotice error={decide.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={decide.isPending}>
            {decide.isPending ? 'Saving …' : TITLES[decision]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}
