import { APPROVAL_DAYS, type ScriptApprovalDetail, type Session } from '@sentinel/protocol';
import { useMemo, useState } from 'react';
import { client } from '../../api/client.ts';
import { type Action, useActions } from '../../ui/actions.tsx';
import { Button } from '../../ui/button.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';

type Act = 'approve' | 'refuse' | 'revoke' | 'withdraw';

const TEXTS: Readonly<Record<Act, { readonly title: string; readonly verb: string; readonly hint: string }>> = {
  approve: {
    title: 'Approve this version',
    verb: 'Approve',
    hint: 'The evidence on this page is frozen with the decision. It reaches endpoints within seconds once an operator signs it under Actions, else with the next signed bundle.',
  },
  refuse: { title: 'Refuse this version', verb: 'Refuse', hint: 'Policies go on holding it back.' },
  revoke: {
    title: 'Take the approval back',
    verb: 'Revoke',
    hint: 'Policies hold the version back again, within seconds once an operator signs it under Actions.',
  },
  withdraw: { title: 'Take the request back', verb: 'Withdraw', hint: 'You can ask again at any time.' },
};

/** What who is signed in can do with a request. */
export function ApprovalActions({
  approval,
  session,
}: {
  readonly approval: ScriptApprovalDetail;
  readonly session: Session;
}) {
  const [act, setAct] = useState<Act>();
  const [days, setDays] = useState(String(APPROVAL_DAYS));
  const { waitsForMe, state, requestedBy, id } = approval;
  const params = { approvalId: id };
  const isApprover = session.permissions.includes('script.approve');
  const actions = useMemo<Action[]>(
    () =>
      waitsForMe
        ? [
            { id: 'approve', title: 'Approve', group: 'This page', keys: ['a'], perform: () => setAct('approve') },
            { id: 'refuse', title: 'Refuse', group: 'This page', keys: ['d'], perform: () => setAct('refuse') },
          ]
        : [],
    [waitsForMe],
  );
  useActions(actions);
  const perform = (reason: string): Promise<unknown> => {
    switch (act) {
      case 'approve':
        return client.decideApproval({ params, body: { isApproved: true, reason, days: Number(days) } });
      case 'refuse':
        return client.decideApproval({ params, body: { isApproved: false, reason } });
      case 'revoke':
        return client.revokeApproval({ params, body: { reason } });
      case 'withdraw':
      case undefined:
        return client.withdrawApproval({ params, body: { reason } });
    }
  };
  return (
    <>
      {waitsForMe ? (
        <>
          <Button onClick={() => setAct('refuse')}>Refuse</Button>
          <Button look="primary" onClick={() => setAct('approve')}>
            Approve
          </Button>
        </>
      ) : null}
      {state === 'approved' && isApprover ? <Button onClick={() => setAct('revoke')}>Revoke</Button> : null}
      {state === 'pending' && requestedBy === session.userName ? (
        <Button onClick={() => setAct('withdraw')}>Take back</Button>
      ) : null}
      {act === undefined ? null : (
        <ReasonDialog
          title={TEXTS[act].title}
          hint={TEXTS[act].hint}
          verb={TEXTS[act].verb}
          changes={['approval', 'approvals', 'action-requests']}
          perform={perform}
          onClose={() => setAct(undefined)}
        >
          {act === 'approve' ? (
            <label className="field">
              <span className="field__label">Days that it holds</span>
              <input
                className="input"
                type="number"
                min={1}
                max={365}
                required
                value={days}
                onChange={(event) => setDays(event.target.value)}
              />
            </label>
          ) : null}
        </ReasonDialog>
      )}
    </>
  );
}
