import type { ActionRequest } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { sessionQuery } from '../../api/get-session.ts';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { OrderWords, targetWords } from './order-words.tsx';

const KEY = '--key operator.key --organisation NAME';

/** What somebody asked for and no operator has signed yet. */
export function WaitingActions({ requests }: { readonly requests: readonly ActionRequest[] }) {
  const session = useQuery(sessionQuery);
  const [refused, setRefused] = useState<ActionRequest>();
  const canRefuse = session.data?.permissions.includes('action.send') === true;
  return (
    <Panel title="Waiting for a signature" note={formatCounted(requests.length, 'action')}>
      {requests.length === 0 ? (
        <EmptyState title="Nothing waits for an operator">
          <p>
            Runs are stopped from the page of a run, versions quarantined from the page of a script. An operator who
            leaves this running signs requests as they come:
          </p>
          <CommandLine command={`npx sentinel action sign --watch ${KEY}`} />
        </EmptyState>
      ) : (
        <>
          <Table
            label="Actions that wait for a signature"
            columns={[
              { title: 'What' },
              { title: 'Where' },
              { title: 'Reason' },
              { title: 'Sign it with' },
              { title: 'What to do' },
            ]}
          >
            {requests.map((request) => (
              <tr key={request.id}>
                <td>
                  <OrderWords order={request.order} />
                  {request.about === undefined ? null : <span className="cell-sub">{request.about}</span>}
                </td>
                <td>{targetWords(request.target)}</td>
                <td className="break">
                  {request.reason}
                  <span className="cell-sub">
                    {request.askedBy}, <Ago iso={request.askedAt} />
                    {request.signed === undefined
                      ? ''
                      : `, ${formatCounted(request.signed.signatures.length, 'signature')} so far`}
                  </span>
                </td>
                <td>
                  <CommandLine command={`npx sentinel action sign ${request.id} ${KEY}`} />
                </td>
                <td>{canRefuse ? <Button onClick={() => setRefused(request)}>Withdraw</Button> : null}</td>
              </tr>
            ))}
          </Table>
        </>
      )}
      {refused === undefined ? null : (
        <ReasonDialog
          title="Withdraw the request"
          hint="Nothing is done; it can be asked for again."
          verb="Withdraw"
          changes={['action-requests']}
          perform={(reason) =>
            client.withdrawActionRequest({ params: { requestId: refused.id }, body: { reason: reason.slice(0, 500) } })
          }
          onClose={() => setRefused(undefined)}
        />
      )}
    </Panel>
  );
}
