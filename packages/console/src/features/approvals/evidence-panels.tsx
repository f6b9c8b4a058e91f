import type { ScriptApprovalDetail } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

/** What was seen of the version: of now while the request is open, as it was at the decision afterwards. */
export function EvidencePanels({ approval }: { readonly approval: ScriptApprovalDetail }) {
  const { evidence, state } = approval;
  const when = state === 'pending' ? 'as of now' : 'as it was at the decision';
  if (evidence.runs === 0)
    return (
      <Panel title="Evidence" note={when}>
        <EmptyState title="This version has not run under the probe">
          <p>What it does is only known from its source until it runs.</p>
        </EmptyState>
      </Panel>
    );
  return (
    <>
      <Panel title="Evidence" note={when}>
        <dl className="facts panel__body">
          <div>
            <dt>Runs</dt>
            <dd>
              {formatCount(evidence.runs)}
              {evidence.firstRunAt === undefined ? null : (
                <>
                  , first <Time iso={evidence.firstRunAt} />
                </>
              )}
            </dd>
          </div>
          <div>
            <dt>First run by</dt>
            <dd>{evidence.firstWriter ?? 'not known'}</dd>
          </div>
          <div>
            <dt>People</dt>
            <dd>{evidence.people.join(', ')}</dd>
          </div>
          <div>
            <dt>Machines</dt>
            <dd>{evidence.machines.join(', ')}</dd>
          </div>
          <div className="facts__wide">
            <dt>Latest runs</dt>
            {evidence.runIds.slice(0, 5).map((runId) => (
              <dd key={runId}>
                <Link to="/runs/$runId" params={{ runId }}>
                  {runId}
                </Link>
              </dd>
            ))}
          </div>
        </dl>
      </Panel>
      <Panel title="Touched" note={formatCounted(evidence.touched.length, 'thing')}>
        <Table
          label="What the version touched"
          columns={[{ title: 'Kind' }, { title: 'What' }, { title: 'How' }, { title: 'Runs', numeric: true }]}
        >
          {evidence.touched.map(({ type, target, detail, runs }) => (
            <tr key={`${type} ${target} ${detail}`}>
              <td className="nowrap muted">{type}</td>
              <td className="cell-path">{target === '' ? '(no name)' : target}</td>
              <td>{detail === '' ? <span className="muted">–</span> : detail}</td>
              <td className="num">{formatCount(runs)}</td>
            </tr>
          ))}
        </Table>
      </Panel>
      {evidence.decisions.length === 0 ? null : (
        <Panel title="Policies that spoke" note={formatCounted(evidence.decisions.length, 'statement')}>
          <Table
            label="Policies that spoke"
            columns={[{ title: 'Statement' }, { title: 'Effect' }, { title: 'Hits', numeric: true }]}
          >
            {evidence.decisions.map(({ policyId, statementId, effect, hits }) => (
              <tr key={`${policyId} ${statementId} ${effect}`}>
                <td>
                  <Link to="/policies/$policyId" params={{ policyId }}>
                    {policyId}/{statementId}
                  </Link>
                </td>
                <td>{effect}</td>
                <td className="num">{formatCount(hits)}</td>
              </tr>
            ))}
          </Table>
        </Panel>
      )}
    </>
  );
}
