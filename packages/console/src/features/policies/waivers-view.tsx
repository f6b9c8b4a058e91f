import type { PolicyVersionRow, Session, WaiverRow } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { AskWaiverDialog } from './ask-waiver-dialog.tsx';
import { waiversQuery } from './list-policies.ts';

interface Props {
  readonly version: PolicyVersionRow;
  readonly session: Session | undefined;
}

const TONES: Readonly<Record<WaiverRow['state'], Tone>> = {
  asked: 'warn',
  active: 'live',
  refused: 'neutral',
  revoked: 'neutral',
  expired: 'neutral',
};
/** An active waiver that nobody used is worth a question. */
const UNUSED_DAYS = 30;

/** Dated deviations from a policy: who, why, until when, and whether they are used. */
export function WaiversView({ version, session }: Props) {
  const waivers = useQuery(waiversQuery(version.policyId));
  const [isAsking, setAsking] = useState(false);
  const [decision, setDecision] = useState<{
    readonly waiver: WaiverRow;
    readonly what: 'grant' | 'refuse' | 'revoke';
  }>();
  const may = (permission: Session['permissions'][number]) => session?.permissions.includes(permission) === true;
  if (waivers.data === undefined)
    return waivers.isError ? (
      <ProblemNotice error={waivers.error} onRetry={() => void waivers.refetch()} />
    ) : (
      <div className="panel">
        <Skeleton lines={5} />
      </div>
    );
  const rows = waivers.data.items;
  const params = { waiverId: decision?.waiver.id ?? '' };
  return (
    <Panel
      title="Waivers"
      note={
        may('script.request') ? (
          <Button onClick={() => setAsking(true)}>Ask for a waiver</Button>
        ) : (
          formatCounted(rows.length, 'waiver')
        )
      }
    >
      {rows.length === 0 ? (
        <EmptyState title="Nobody deviates from this policy">
          <p>A waiver has an owner, a reason, an end, and a second person who grants it.</p>
        </EmptyState>
      ) : (
        <Table
          label="Waivers of the policy"
          columns={[
            { title: 'Statement' },
            { title: 'Bound to' },
            { title: 'State' },
            { title: 'Owner' },
            { title: 'Ends' },
            { title: 'Uses', numeric: true },
            { title: 'What to do' },
          ]}
        >
          {rows.map((waiver) => (
            <tr key={waiver.id}>
              <td>
                <span className="cell-main">{waiver.statementId}</span>
                <span className="cell-sub">{waiver.reason}</span>
              </td>
              <td className="break mono">
                {Object.entries(waiver.bound)
                  .map(([fact, values]) => `${fact}: ${values.join(', ')}`)
                  .join('; ')}
              </td>
              <td>
                <Badge tone={TONES[waiver.state]}>{waiver.state}</Badge>
                {waiver.endsInDays !== undefined && waiver.endsInDays <= 14 ? (
                  <span className="cell-sub">ends in {formatCounted(waiver.endsInDays, 'day')}</span>
                ) : null}
              </td>
              <td>{waiver.owner}</td>
              <td>
                {waiver.until === undefined ? <span className="muted">not granted</span> : <Time iso={waiver.until} />}
              </td>
              <NumberCell value={waiver.uses} text={formatCount(waiver.uses)} />
              <td>
                {waiver.state === 'asked' && may('policy.approve') && waiver.askedBy !== session?.userName ? (
                  <>
                    <Button onClick={() => setDecision({ waiver, what: 'grant' })}>Grant</Button>{' '}
                    <Button look="quiet" onClick={() => setDecision({ waiver, what: 'refuse' })}>
                      Refuse
                    </Button>
                  </>
                ) : waiver.state === 'active' && may('policy.write') ? (
                  <Button look="quiet" onClick={() => setDecision({ waiver, what: 'revoke' })}>
                    Revoke{isUnused(waiver) ? ', it is not used' : ''}
                  </Button>
                ) : (
                  <span className="muted">–</span>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {isAsking ? <AskWaiverDialog version={version} onClose={() => setAsking(false)} /> : null}
      {decision === undefined ? null : (
        <ReasonDialog
          title={`${words(decision.what)} the waiver of ${decision.waiver.statementId}`}
          hint={
            decision.what === 'grant'
              ? `It holds for ${formatCounted(decision.waiver.days, 'day')} from now on, with the next signed bundle.`
              : 'It is kept with the reason.'
          }
          verb={words(decision.what)}
          changes={['waivers', 'policies']}
          perform={(reason) =>
            decision.what === 'revoke'
              ? client.revokeWaiver({ params, body: { reason } })
              : client.decideWaiver({ params, body: { isGranted: decision.what === 'grant', reason } })
          }
          onClose={() => setDecision(undefined)}
        />
      )}
    </Panel>
  );
}

function words(what: 'grant' | 'refuse' | 'revoke'): string {
  return what === 'grant' ? 'Grant' : what === 'refuse' ? 'Refuse' : 'Revoke';
}

function isUnused({ uses, decidedAt }: WaiverRow): boolean {
  return uses === 0 && decidedAt !== undefined && Date.now() - Date.parse(decidedAt) > UNUSED_DAYS * 86_400_000;
}
