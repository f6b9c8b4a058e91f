import type { LeaverMeasure, LeaverScript } from '@sentinel/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { decideScript } from './decide-script.ts';

const MEASURES: readonly { readonly value: LeaverMeasure; readonly text: string; readonly hint: string }[] = [
  { value: 'hand-over', text: 'Hand over', hint: 'Somebody else answers for it from now on.' },
  {
    value: 'freeze',
    text: 'Freeze',
    hint: 'It counts as forbidden, and its versions are refused on all computers once an operator has signed that (Actions); nothing is deleted.',
  },
  { value: 'retire', text: 'Retire', hint: 'It is no longer needed; a later run is a finding.' },
];

interface Props {
  readonly personId: string;
  readonly script: LeaverScript;
  readonly onClose: () => void;
}

/** Decides what becomes of one script. */
export function DecideDialog({ personId, script, onClose }: Props) {
  const [measure, setMeasure] = useState<LeaverMeasure>(script.decision?.measure ?? 'hand-over');
  const [custodian, setCustodian] = useState(script.decision?.custodian ?? '');
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: decideScript,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['leaver', personId] });
      void queries.invalidateQueries({ queryKey: ['leavers'] });
      onClose();
    },
  });
  const chosen = MEASURES.find(({ value }) => value === measure);
  return (
    <Dialog title={`Decide on ${script.name}`} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate({ personId, scriptId: script.scriptId, measure, custodian, note });
        }}
      >
        <label className="field">
          <span className="field__label">What becomes of it</span>
          <select
            className="select"
            value={measure}
            onChange={(event) =>
              setMeasure(MEASURES.find(({ value }) => value === event.target.value)?.value ?? measure)
            }
          >
            {MEASURES.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
          <span className="field__hint">{chosen?.hint}</span>
        </label>
        {measure === 'retire' ? null : (
          <label className="field">
            <span className="field__label">Custodian</span>
            <input
              className="input"
              required={measure === 'hand-over'}
              maxLength={255}
              placeholder="Person or department"
              value={custodian}
              onChange={(event) => setCustodian(event.target.value)}
            />
          </label>
        )}
        <label className="field">
          <span className="field__label">Note</span>
          <input
            className="input"
            maxLength={1000}
            placeholder="For the audit log"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        {decide.isError ? <ProblemNotice error={decide.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={decide.isPending}>
            {decide.isPending ? 'Deciding …' : 'Decide'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
