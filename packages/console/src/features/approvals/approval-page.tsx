import type { ScriptApprovalDetail } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionQuery } from '../../api/get-session.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { ApprovalActions } from './approval-actions.tsx';
import { ApprovalBadge } from './approval-badge.tsx';
import { EvidencePanels } from './evidence-panels.tsx';
import { approvalQuery } from './list-approvals.ts';
import { SemanticDiffPanel } from './semantic-diff-panel.tsx';

const route = getRouteApi('/shell/approvals/$approvalId');

/** One request: what is asked for, what is new, what is known, and the decision. */
export function ApprovalPage() {
  const { approvalId } = route.useParams();
  const approval = useQuery(approvalQuery(approvalId));
  const session = useQuery(sessionQuery);
  const { data } = approval;
  if (data === undefined)
    return (
      <Page title="Request">
        {approval.isError ? (
          <ProblemNotice error={approval.error} onRetry={() => void approval.refetch()} />
        ) : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )}
      </Page>
    );
  return (
    <Page
      title={data.scriptName}
      documentTitle={`${data.scriptName}, approval`}
      summary={
        <>
          <ApprovalBadge approval={data} /> Asked for by {data.requestedBy} <Ago iso={data.requestedAt} />
          {data.whyNotMe === undefined ? '.' : `. ${data.whyNotMe}`}
        </>
      }
      actions={session.data === undefined ? null : <ApprovalActions approval={data} session={session.data} />}
    >
      <RequestPanel approval={data} />
      <SemanticDiffPanel approval={data} />
      <EvidencePanels approval={data} />
    </Page>
  );
}

function RequestPanel({ approval }: { readonly approval: ScriptApprovalDetail }) {
  const { terms } = approval;
  return (
    <Panel title="Request">
      <dl className="facts panel__body">
        <Fact name="Reason">
          {approval.reason}
          {approval.ticket === undefined ? '' : ` (${approval.ticket})`}
        </Fact>
        <Fact name="Data">{terms.labels.length === 0 ? 'none in particular' : terms.labels.join(', ')}</Fact>
        <Fact name="Destinations">{terms.destinations.length === 0 ? 'none' : terms.destinations.join(', ')}</Fact>
        <Fact name="Schedule">{terms.schedule ?? 'not said'}</Fact>
        <Fact name="Conditions">{terms.conditions ?? 'none'}</Fact>
        <Fact name="Decision">
          {approval.decidedBy === undefined
            ? 'open'
            : `${approval.decidedBy}${approval.decisionReason === undefined ? '' : `: ${approval.decisionReason}`}`}
        </Fact>
        <Fact name="Holds until">
          {approval.expiresAt === undefined ? 'not approved' : <Time iso={approval.expiresAt} />}
        </Fact>
        <Fact name="Version">
          <span className="copy-inline">
            <code title={approval.sha256}>{approval.sha256.slice(0, 16)}…</code>
            <CopyButton text={approval.sha256} label="Copy the whole SHA-256" />
          </span>
        </Fact>
        {approval.scriptPath === undefined ? null : (
          <div className="facts__wide">
            <dt>Path</dt>
            <dd className="mono">{approval.scriptPath}</dd>
          </div>
        )}
        {approval.scriptId === undefined ? null : (
          <Fact name="Script">
            <Link to="/scripts/$scriptId" params={{ scriptId: approval.scriptId }}>
              What it did, {formatCounted(approval.evidence.runs, 'run')}
            </Link>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
