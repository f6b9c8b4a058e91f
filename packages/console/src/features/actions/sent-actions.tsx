import type { ActionRow, ActionState } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AskAction } from '../../ui/ask-action.tsx';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { actionQuery } from './list-actions.ts';
import { OrderWords, targetWords } from './order-words.tsx';

const STATES: Readonly<Record<ActionState, { readonly words: string; readonly tone: Tone }>> = {
  asked: { words: 'not reached yet', tone: 'neutral' },
  sent: { words: 'under way', tone: 'neutral' },
  done: { words: 'done', tone: 'ok' },
  failed: { words: 'failed', tone: 'bad' },
  refused: { words: 'refused', tone: 'warn' },
  expired: { words: 'too late', tone: 'warn' },
};

interface Props {
  readonly title: string;
  readonly actions: readonly ActionRow[];
  readonly total?: number;
  readonly canLift?: boolean;
  readonly onMore?: (() => void) | undefined;
}

/** Actions that operators signed, with what each endpoint answered. */
export function SentActions({ title, actions, total = actions.length, canLift = false, onMore }: Props) {
  const [shown, setShown] = useState<string>();
  return (
    <Panel title={title} note={`${formatCount(actions.length)} of ${formatCounted(total, 'action')}`}>
      {actions.length === 0 ? (
        <EmptyState title="No action was sent yet">
          <p>What an operator signs shows here, with the answer of each computer.</p>
        </EmptyState>
      ) : (
        <Table
          label={`Actions, ${title.toLowerCase()}`}
          columns={[
            { title: 'What' },
            { title: 'Where' },
            { title: 'Outcome' },
            { title: 'Reason' },
            { title: 'More' },
          ]}
        >
          {actions.map((action) => (
            <tr key={action.id}>
              <td>
                <OrderWords order={action.order} />
                {action.liftedBy === undefined ? null : <span className="cell-sub">lifted</span>}
              </td>
              <td>{targetWords(action.target)}</td>
              <td>
                <StateCounts action={action} />
                {shown === action.id ? <Answers actionId={action.id} /> : null}
              </td>
              <td className="break">
                {action.reason}
                <span className="cell-sub">
                  {action.createdBy}, <Ago iso={action.createdAt} />
                </span>
              </td>
              <td>
                <Button onClick={() => setShown(shown === action.id ? undefined : action.id)}>
                  {shown === action.id ? 'Hide answers' : 'Answers'}
                </Button>
                {canLift ? (
                  <AskAction
                    label="Lift"
                    hint="It does not hold any more where it does."
                    order={() => ({ kind: 'lift', actionId: action.id })}
                    target={action.target}
                    about={action.reason.slice(0, 200)}
                  />
                ) : null}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {onMore === undefined ? null : (
        <div className="panel__foot">
          <Button onClick={onMore}>Show more</Button>
        </div>
      )}
    </Panel>
  );
}

function StateCounts({ action }: { readonly action: ActionRow }) {
  return Object.entries(action.states).map(([state, count]) => {
    const { words, tone } = STATES[state as ActionState];
    return (
      <Badge key={state} tone={tone}>
        {formatCount(count)} {words}
      </Badge>
    );
  });
}

/** What each endpoint answered, those that did not do it first. */
function Answers({ actionId }: { readonly actionId: string }) {
  const action = useQuery(actionQuery(actionId));
  if (action.data === undefined) return <span className="cell-sub">{action.isError ? 'not known' : 'Loading …'}</span>;
  const endpoints = action.data.endpoints.toSorted(
    (left, right) => Number(left.state === 'done') - Number(right.state === 'done'),
  );
  return endpoints.slice(0, 100).map(({ endpointId, hostName, state, detail, finishedAt }) => (
    <span key={endpointId} className="cell-sub">
      {hostName}: {STATES[state].words}
      {detail === undefined ? '' : `, ${detail}`}
      {finishedAt === undefined ? null : (
        <>
          , <Time iso={finishedAt} />
        </>
      )}
    </span>
  ));
}
