import type { FindingDetail } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { SeverityBadge } from '../../ui/severity-badge.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { DecideDialog, type Decision } from './decide-dialog.tsx';
import { findingQuery } from './get-finding.ts';
import { StateBadge } from './state-badge.tsx';
import { SubjectLink } from './subject-link.tsx';

const route = getRouteApi('/shell/findings/$findingId');

/** One finding: what it rests on, where it was seen, and what became of it. */
export function FindingPage() {
  const { findingId } = route.useParams();
  const query = useQuery(findingQuery(findingId));
  const [decision, setDecision] = useState<Decision>();
  const finding = query.data;
  if (finding === undefined) {
    return (
      <Page title="Finding">
        {query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )}
      </Page>
    );
  }
  const isSettled = finding.state === 'accepted' || finding.state === 'fixed';
  return (
    <Page
      title={finding.ruleTitle}
      documentTitle={`${finding.ruleTitle}, finding`}
      summary={
        <>
          <SeverityBadge severity={finding.severity} /> <StateBadge finding={finding} /> Last seen{' '}
          <Ago iso={finding.lastSeenAt} /> in <SubjectLink finding={finding} />. As of{' '}
          <Time iso={new Date(query.dataUpdatedAt).toISOString()} />.
        </>
      }
      actions={
        <>
          {isSettled ? (
            <Button onClick={() => setDecision('open')}>Open again …</Button>
          ) : (
            <>
              <Button onClick={() => setDecision('accepted')}>Accept …</Button>
              <Button look="primary" onClick={() => setDecision('fixed')}>
                Fixed …
              </Button>
            </>
          )}
          <Button onClick={() => setDecision('note')}>Note …</Button>
        </>
      }
    >
      <Panel title="What happened" note={`${finding.ruleId}, ${finding.confidence} confidence`}>
        <div className="panel__body stack">
          <p>{finding.title}</p>
          <Evidence finding={finding} />
        </div>
      </Panel>
      <Panel title="Facts">
        <dl className="facts panel__body">
          <Fact name="First seen">
            <Time iso={finding.firstSeenAt} />
          </Fact>
          <Fact name="Person">
            {finding.userName === '' ? (
              'nobody in particular'
            ) : (
              <Link to="/findings" search={{ userName: finding.userName }}>
                {finding.userName}
              </Link>
            )}
          </Fact>
          <Fact name="Machine">
            <Link to="/findings" search={{ endpointId: finding.endpointId }}>
              {finding.hostName}
            </Link>
          </Fact>
          <Fact name="Department">{finding.departmentId ?? 'not known'}</Fact>
          <Fact name="Owner of the finding">{finding.owner ?? 'nobody yet'}</Fact>
          <Fact name="Techniques">{finding.techniques.length === 0 ? 'none' : finding.techniques.join(', ')}</Fact>
          <Fact name="Controls">{finding.controls.length === 0 ? 'none' : finding.controls.join(', ')}</Fact>
          <Fact name="What the rule cannot see">{finding.misses ?? 'not said'}</Fact>
          <Fact name="Read more">
            {finding.references.map((reference) => (
              <span key={reference} className="cell-text">
                <a href={reference} target="_blank" rel="noreferrer">
                  {reference}
                </a>{' '}
              </span>
            ))}
          </Fact>
        </dl>
      </Panel>
      <Panel
        title="Runs"
        note={`${formatCounted(finding.occurrences, finding.familyId === '' ? 'time' : 'run')} raised it; the latest 50`}
      >
        <Table
          label="Runs that raised it"
          columns={[{ title: 'Seen' }, { title: 'Person' }, { title: 'Machine' }, { title: 'What was seen' }]}
          linked
        >
          {finding.runs.map((run) => (
            <tr key={run.runId}>
              <td>
                {finding.familyId === '' ? (
                  <Time iso={run.seenAt} />
                ) : (
                  <Link to="/runs/$runId" params={{ runId: run.runId }} className="row-link">
                    <Time iso={run.seenAt} />
                  </Link>
                )}
              </td>
              <td>{run.userName}</td>
              <td>{run.hostName}</td>
              <td className="cell-text">{run.title}</td>
            </tr>
          ))}
        </Table>
      </Panel>
      <Panel title="History">
        <ul className="panel__body finding-history">
          {finding.history.map((event) => (
            <li key={`${event.at} ${event.kind}`}>
              <span>
                <Time iso={event.at} /> {event.who}: {WORDS[event.kind] ?? event.kind}
                {typeof event.content['acceptedUntil'] === 'string' ? ` until ${event.content['acceptedUntil']}` : ''}
              </span>
              {['reason', 'note', 'owner'].map((name) =>
                typeof event.content[name] === 'string' ? (
                  <span key={name} className="muted">
                    {name}: {event.content[name]}
                  </span>
                ) : null,
              )}
            </li>
          ))}
        </ul>
      </Panel>
      {decision === undefined ? null : (
        <DecideDialog ids={[finding.id]} decision={decision} onClose={() => setDecision(undefined)} />
      )}
    </Page>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  found: 'found for the first time',
  regressed: 'seen again after it was fixed',
  'acceptance-ended': 'the time of the acceptance is over',
  accepted: 'accepted',
  fixed: 'said to be fixed',
  open: 'opened again',
  owner: 'owner changed',
  note: 'note',
};

function Evidence({ finding }: { readonly finding: FindingDetail }) {
  return (
    <ul className="finding-evidence">
      {finding.evidence.map((one) => (
        <li key={`${one.runId ?? ''} ${one.activityId ?? ''} ${one.line ?? ''} ${one.note}`}>
          <Link to="/runs/$runId" params={{ runId: one.runId ?? finding.lastRunId }}>
            {one.activityId === undefined ? 'Run' : `Activity ${one.activityId}`}
            {one.line === undefined ? '' : `, line ${one.line}`}
          </Link>
          : {one.note}
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
