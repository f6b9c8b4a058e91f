import { type FamilyRow, Sanction } from '@sentinel/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

/** Decides about a script: its state, its owner, who is responsible when the owner has left. */
export function DecideFamilyDialog({ family, onClose }: { readonly family: FamilyRow; readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const [sanction, setSanction] = useState<Sanction>(family.sanction);
  const [owner, setOwner] = useState(family.owner ?? '');
  const [departmentId, setDepartmentId] = useState(family.departmentId ?? '');
  const [reason, setReason] = useState('');
  const save = useMutation({
    mutationFn: () =>
      client.updateFamily({
        params: { familyId: family.id },
        body: {
          sanction,
          ...(owner.trim() === (family.owner ?? '') ? {} : { owner: owner.trim() === '' ? null : owner.trim() }),
          ...(departmentId.trim() === (family.departmentId ?? '')
            ? {}
            : { departmentId: departmentId.trim() === '' ? null : departmentId.trim() }),
          reason,
        },
      }),
    onSuccess: async () => {
      await Promise.all(
        ['families', 'family', 'findings', 'risk', 'board'].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      );
      onClose();
    },
  });
  return (
    <Dialog title={`Decide about ${family.name}`} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <label className="field">
          <span className="field__label">State</span>
          <select
            className="select"
            value={sanction}
            onChange={(event) =>
              setSanction(Sanction.options.find((one) => one === event.target.value) ?? family.sanction)
            }
          >
            {Sanction.options.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="field__label">Owner</span>
          <input
            className="input"
            type="text"
            maxLength={200}
            value={owner}
            onChange={(event) => setOwner(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field__label">Department that is responsible</span>
          <input
            className="input"
            type="text"
            maxLength={64}
            value={departmentId}
            onChange={(event) => setDepartmentId(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field__label">Reason</span>
          <input
            className="input"
            type="text"
            required
            minLength={3}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={save.isPending}>
            {save.isPending ? 'Saving …' : 'Save the decision'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
