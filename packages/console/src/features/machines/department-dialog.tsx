import type { EndpointRow } from '@sentinel/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { setDepartment } from './set-department.ts';

interface Props {
  readonly machine: EndpointRow;
  /** Departments that other machines are in. */
  readonly known: readonly string[];
  readonly onClose: () => void;
}

/** Puts a machine into a department: its owner then sees what runs there. */
export function DepartmentDialog({ machine, known, onClose }: Props) {
  const queryClient = useQueryClient();
  const [department, setText] = useState(machine.department ?? '');
  const listId = useId();
  const save = useMutation({
    mutationFn: setDepartment,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['endpoints'] });
      onClose();
    },
  });
  return (
    <Dialog title={`Department of ${machine.hostName}`} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ endpointId: machine.id, department });
        }}
      >
        <label className="field">
          <span className="field__label">Department</span>
          <input
            className="input"
            maxLength={128}
            list={listId}
            value={department}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="field__hint">
            Its owners see the runs of this machine, past ones too. Left empty, only who sees everything does.
          </span>
        </label>
        <datalist id={listId}>
          {known.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </datalist>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={save.isPending}>
            {save.isPending ? 'Saving …' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
