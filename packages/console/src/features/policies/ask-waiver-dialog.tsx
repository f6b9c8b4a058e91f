import type { PolicyVersionRow } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { policyVersionQuery } from './list-policies.ts';

/** Asks for a waiver: which statement, bound to what, whose, for how long. */
export function AskWaiverDialog({
  version,
  onClose,
}: {
  readonly version: PolicyVersionRow;
  readonly onClose: () => void;
}) {
  const whole = useQuery(policyVersionQuery(version.policyId, version.version));
  const statements = whole.data?.statements.filter(({ isFloor }) => !isFloor) ?? [];
  const [statementId, setStatement] = useState('');
  const [fact, setFact] = useState('');
  const [values, setValues] = useState('');
  const [owner, setOwner] = useState('');
  const [days, setDays] = useState('30');
  const statement = statements.find(({ id }) => id === statementId) ?? statements[0];
  const facts = statement?.waiverFields ?? [];
  const chosenFact = facts.includes(fact) ? fact : (facts[0] ?? '');
  const texts = values
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  return (
    <ReasonDialog
      title="Ask for a waiver"
      hint="A second person decides. It ends by itself; a floor has none."
      verb="Ask"
      changes={['waivers']}
      perform={(reason) =>
        client.requestWaiver({
          body: {
            policyId: version.policyId,
            statementId: statement?.id ?? '',
            bound: { [chosenFact]: texts },
            owner: owner.trim(),
            days: Number(days),
            reason,
          },
        })
      }
      onClose={onClose}
    >
      <label className="field">
        <span className="field__label">Statement</span>
        <select className="select" value={statement?.id ?? ''} onChange={(event) => setStatement(event.target.value)}>
          {statements.map(({ id, effect }) => (
            <option key={id} value={id}>
              {id} ({effect})
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="field__label">Bound to</span>
        <select className="select" value={chosenFact} onChange={(event) => setFact(event.target.value)}>
          {facts.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="field__label">Values, one a line</span>
        <textarea
          className="input"
          rows={2}
          required
          value={values}
          onChange={(event) => setValues(event.target.value)}
        />
      </label>
      <label className="field">
        <span className="field__label">Owner</span>
        <input
          className="input"
          type="text"
          required
          maxLength={200}
          value={owner}
          onChange={(event) => setOwner(event.target.value)}
        />
      </label>
      <label className="field">
        <span className="field__label">Days</span>
        <input
          className="input"
          type="number"
          required
          min={1}
          max={365}
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
      </label>
    </ReasonDialog>
  );
}
