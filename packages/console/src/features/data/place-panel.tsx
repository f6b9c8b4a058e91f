import type { PlaceLabels } from '@sentinel/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Labels } from '../../ui/labels.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { placesQuery } from './data-queries.ts';

const KINDS: readonly { readonly value: PlaceLabels['kind']; readonly text: string; readonly hint: string }[] = [
  { value: 'path', text: 'Files', hint: '/mnt/share/hr/**' },
  { value: 'table', text: 'Database table', hint: 'customers, or crm.customers' },
  { value: 'database', text: 'Database', hint: '**/crm.sqlite, or CRM*' },
  { value: 'host', text: 'Host', hint: 'crm.corp.example' },
  { value: 'column', text: 'Column or key', hint: 'iban' },
];

/** What lies where: the labels that rules and lists go by. */
export function PlacePanel() {
  const queryClient = useQueryClient();
  const places = useQuery(placesQuery);
  const [kind, setKind] = useState<PlaceLabels['kind']>('path');
  const [match, setMatch] = useState('');
  const [labels, setLabels] = useState('customer');
  const [name, setName] = useState('');
  const refresh = () => queryClient.invalidateQueries({ queryKey: placesQuery.queryKey });
  const add = useMutation({
    mutationFn: () =>
      client.addDataPlace({
        body: {
          kind,
          match: match.trim(),
          labels: labels
            .split(',')
            .map((label) => label.trim())
            .filter((label) => label !== ''),
          ...(name.trim() === '' ? {} : { name: name.trim() }),
        },
      }),
    onSuccess: async () => {
      setMatch('');
      setName('');
      await refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (placeId: string) => client.deleteDataPlace({ params: { placeId } }),
    onSuccess: refresh,
  });
  return (
    <>
      <Panel title="Label data" note="counts for runs from now on">
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
            <span className="field__label">Where</span>
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
            <span className="field__label">Labels, with commas between</span>
            <input
              className="input"
              required
              maxLength={200}
              value={labels}
              onChange={(event) => setLabels(event.target.value)}
            />
          </label>
          <label className="field">
            <span className="field__label">What people call it</span>
            <input className="input" maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
          </label>
          <Button look="primary" type="submit" className="place-submit" disabled={add.isPending}>
            {add.isPending ? 'Saving …' : 'Label it'}
          </Button>
        </form>
        {add.isError ? <ProblemNotice error={add.error} /> : null}
        {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      </Panel>
      <Panel title="Labelled places">
        {places.data === undefined ? (
          places.isError ? (
            <ProblemNotice error={places.error} onRetry={() => void places.refetch()} />
          ) : (
            <Skeleton lines={4} />
          )
        ) : places.data.items.length === 0 ? (
          <p className="panel__body muted">
            Nothing is labelled: no script is known to touch customer, personal, financial or health data.
          </p>
        ) : (
          <Table
            label="Labelled places"
            columns={[
              { title: 'What' },
              { title: 'Where' },
              { title: 'Labels' },
              { title: 'Name' },
              { title: 'From' },
              { title: 'Remove' },
            ]}
          >
            {places.data.items.map((place) => (
              <tr key={place.id}>
                <td>{KINDS.find(({ value }) => value === place.kind)?.text}</td>
                <td className="cell-path">{place.match}</td>
                <td>
                  <Labels labels={place.labels} />
                </td>
                <td>{place.name ?? ''}</td>
                <td>{place.source}</td>
                <td>
                  <Button look="quiet" onClick={() => remove.mutate(place.id)} disabled={remove.isPending}>
                    Remove<span className="visually-hidden"> the labels of {place.match}</span>
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}
