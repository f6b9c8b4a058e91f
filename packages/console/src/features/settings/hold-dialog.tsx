import { useState } from 'react';
import { client } from '../../api/client.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';

/** Places a legal hold on an account, a script, a computer or a time. */
export function HoldDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [userName, setUserName] = useState('');
  const [scriptId, setScriptId] = useState('');
  const [endpointId, setEndpointId] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const fields = [
    { label: 'Account', value: userName, set: setUserName },
    { label: 'Script, by its id', value: scriptId, set: setScriptId },
    { label: 'Computer, by its id', value: endpointId, set: setEndpointId },
  ];
  return (
    <ReasonDialog
      title="Place a hold"
      hint="What it names stays until the hold is released. What is left empty holds for every one; something must be named."
      verb="Place the hold"
      perform={(reason) =>
        client.createLegalHold({
          body: {
            name: name.trim(),
            reason,
            ...(userName.trim() === '' ? {} : { userName: userName.trim() }),
            ...(scriptId.trim() === '' ? {} : { scriptId: scriptId.trim() }),
            ...(endpointId.trim() === '' ? {} : { endpointId: endpointId.trim() }),
            ...(from === '' ? {} : { from: `${from}T00:00:00.000Z` }),
            ...(to === '' ? {} : { to: `${to}T23:59:59.999Z` }),
          },
        })
      }
      changes={['legal-holds']}
      onClose={onClose}
    >
      <label className="field">
        <span className="field__label">Name</span>
        <input
          className="input"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {fields.map(({ label, value, set }) => (
        <label className="field" key={label}>
          <span className="field__label">{label}</span>
          <input
            className="input"
            maxLength={256}
            autoCapitalize="none"
            spellCheck={false}
            value={value}
            onChange={(event) => set(event.target.value)}
          />
        </label>
      ))}
      <div className="columns">
        <label className="field">
          <span className="field__label">From (UTC)</span>
          <input className="input" type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label className="field">
          <span className="field__label">To (UTC)</span>
          <input className="input" type="date" value={to} onChange={(event) => setTo(event.target.value)} />
        </label>
      </div>
    </ReasonDialog>
  );
}
