import { type Department, type Responsibility, Sanction } from '@sentinel/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Table } from '../../ui/table.tsx';

const KINDS: readonly { readonly value: Responsibility['kind']; readonly text: string; readonly hint: string }[] = [
  { value: 'path', text: 'Scripts at', hint: '**/finance/**' },
  { value: 'user', text: 'Scripts of the account', hint: 'ann' },
  { value: 'host', text: 'Scripts on the computer', hint: 'FIN-LT-0142' },
];

interface Props {
  readonly responsibilities: readonly (Responsibility & { readonly id: string; readonly source: string })[];
  readonly departments: readonly Department[];
  readonly onDone: () => Promise<void>;
}

/** Who answers for which scripts, the first rule that fits counts. */
export function ResponsibilityPanel({ responsibilities, departments, onDone }: Props) {
  const [kind, setKind] = useState<Responsibility['kind']>('path');
  const [match, setMatch] = useState('');
  const [departmentId, setDepartment] = useState('');
  const [owner, setOwner] = useState('');
  const [sanction, setSanction] = useState('');
  const add = useMutation({
    mutationFn: () =>
      client.addResponsibility({
        body: {
          kind,
          match: match.trim(),
          ...(departmentId === '' ? {} : { departmentId }),
          ...(owner.trim() === '' ? {} : { owner: owner.trim() }),
          ...(sanction === '' ? {} : { sanction: Sanction.parse(sanction) }),
        },
      }),
    onSuccess: async () => {
      setMatch('');
      await onDone();
    },
  });
  const remove = useMutation({
    mutationFn: (responsibilityId: string) => client.deleteResponsibility({ params: { responsibilityId } }),
    onSuccess: onDone,
  });
  return (
    <Panel title="Who answers for which scripts" note="the first rule that fits counts">
      <form
        className="panel__body columns"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <label className="field">
          <span className="field__label">What</span>
          <select
            className="select"
            value={kind}
            onChange={(event) => setKind(KINDS.find(({ value }) => value === event.target.value)?.value ?? 'path')}
          >
            {KINDS.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="field__label">Which</span>
          <input
            className="input"
            required
            maxLength={500}
            placeholder={KINDS.find(({ value }) => value === kind)?.hint}
            value={match}
            onChange={(event) => setMatch(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field__label">Department</span>
          <select className="select" value={departmentId} onChange={(event) => setDepartment(event.target.value)}>
            <option value="">none</option>
            {departments.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="field__label">Owner</span>
          <input className="input" maxLength={200} value={owner} onChange={(event) => setOwner(event.target.value)} />
        </label>
        <label className="field">
          <span className="field__label">State, where nobody decided</span>
          <select className="select" value={sanction} onChange={(event) => setSanction(event.target.value)}>
            <option value="">unreviewed</option>
            {Sanction.options
              .filter((one) => one !== 'unreviewed')
              .map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
          </select>
        </label>
        <Button look="primary" type="submit" className="place-submit" disabled={add.isPending}>
          {add.isPending ? 'Saving …' : 'Add the rule'}
        </Button>
      </form>
      {add.isError ? <ProblemNotice error={add.error} /> : null}
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      {responsibilities.length === 0 ? null : (
        <Table
          label="Who answers for which scripts"
          columns={[
            { title: 'What' },
            { title: 'Which' },
            { title: 'Department' },
            { title: 'Owner' },
            { title: 'State' },
            { title: 'From' },
            { title: 'Remove' },
          ]}
        >
          {responsibilities.map((rule) => (
            <tr key={rule.id}>
              <td>{KINDS.find(({ value }) => value === rule.kind)?.text}</td>
              <td className="cell-path">{rule.match}</td>
              <td>{departments.find(({ id }) => id === rule.departmentId)?.name ?? rule.departmentId ?? ''}</td>
              <td>{rule.owner === null ? 'nobody' : (rule.owner ?? '')}</td>
              <td>{rule.sanction ?? ''}</td>
              <td>{rule.source}</td>
              <td>
                <Button look="quiet" onClick={() => remove.mutate(rule.id)} disabled={remove.isPending}>
                  Remove<span className="visually-hidden"> the rule for {rule.match}</span>
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
