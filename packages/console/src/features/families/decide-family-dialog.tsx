import { type FamilyRow, Sanction } from '@sentinel/protocol';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';

/** Decides about a script: its state, its owner, who is responsible when the owner has left. */
export function DecideFamilyDialog({ family, onClose }: { readonly family: FamilyRow; readonly onClose: () => void }) {
  const [sanction, setSanction] = useState<Sanction>(family.sanction);
  const [owner, setOwner] = useState(family.owner ?? '');
  const [departmentId, setDepartmentId] = useState(family.departmentId ?? '');
  return (
    <ReasonDialog
      title={`Decide about ${family.name}`}
      hint="It holds for all copies and versions of the script, and its last runs are judged again."
      verb="Save the decision"
      changes={['families', 'family', 'findings', 'risk', 'board']}
      perform={(reason) =>
        client.updateFamily({
          params: { familyId: family.id },
          body: {
            sanction,
            ...changeOf('owner', owner, family.owner),
            ...changeOf('departmentId', departmentId, family.departmentId),
            reason,
          },
        })
      }
      onClose={onClose}
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
    </ReasonDialog>
  );
}

/** What a field changes: nothing where it says what was there, and nobody where it is empty. */
function changeOf<Name extends string>(
  name: Name,
  text: string,
  before: string | undefined,
): { [Key in Name]?: string | null } {
  const now = text.trim();
  return now === (before ?? '') ? {} : ({ [name]: now === '' ? null : now } as { [Key in Name]?: string | null });
}
