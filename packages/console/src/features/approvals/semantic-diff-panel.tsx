import type { ScriptApprovalDetail, SummaryPart } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';

const PARTS: Readonly<Record<SummaryPart, string>> = {
  imports: 'Imports',
  capabilities: 'Capabilities',
  calls: 'Calls',
  hosts: 'Hosts',
  tables: 'Tables',
  files: 'Files',
  packages: 'Packages',
  flows: 'Ways of data',
};

/** What the version could do that the one approved last could not; without one, all that it could do. */
export function SemanticDiffPanel({ approval }: { readonly approval: ScriptApprovalDetail }) {
  const { diff, summary, approvedVersion } = approval;
  if (approvedVersion === undefined || diff === undefined)
    return (
      <Panel title="What it could do" note="from analysis of its source">
        {summary === undefined ? (
          <EmptyState title="No analysis of this version is known yet">
            <p>It comes from an endpoint where the version lies, or with a request by command line.</p>
          </EmptyState>
        ) : (
          <>
            <Names
              label="What the version could do"
              rows={Object.keys(PARTS)
                .map((part) => part as SummaryPart)
                .filter((part) => summary[part].length > 0)
                .map((part) => ({ kind: 'has', part, names: summary[part] }))}
            />
            {summary.isWhole ? null : <Unsure />}
          </>
        )}
      </Panel>
    );
  const rows = [
    ...diff.added.map((one) => ({ kind: 'new', ...one })),
    ...diff.removed.map((one) => ({ kind: 'gone', ...one })),
  ];
  return (
    <Panel
      title="What is new"
      note={
        <>
          against{' '}
          <Link to="/approvals/$approvalId" params={{ approvalId: approvedVersion.id }}>
            {approvedVersion.sha256.slice(0, 12)}
          </Link>
          , approved {approvedVersion.decidedAt.slice(0, 10)}
        </>
      }
    >
      <p className="panel__body">
        {diff.isSameSyntax
          ? 'Only comments, formatting or constants differ.'
          : 'The code itself differs, not only constants.'}{' '}
        {diff.hasNewSecrets ? 'There are more credentials in the source.' : ''}
      </p>
      {rows.length === 0 ? null : <Names label="What differs" rows={rows} />}
      {summary?.isWhole === false ? <Unsure /> : null}
    </Panel>
  );
}

function Names({
  label,
  rows,
}: {
  readonly label: string;
  readonly rows: readonly { readonly kind: string; readonly part: SummaryPart; readonly names: readonly string[] }[];
}) {
  return (
    <Table label={label} columns={[{ title: 'Change' }, { title: 'What' }, { title: 'Names' }]}>
      {rows.map(({ kind, part, names }) => (
        <tr key={`${kind} ${part}`}>
          <td>
            {kind === 'has' ? (
              <span className="muted">has</span>
            ) : (
              <Badge tone={kind === 'new' ? 'warn' : 'neutral'}>{kind}</Badge>
            )}
          </td>
          <td>{PARTS[part]}</td>
          <td className="break mono">{names.join(', ')}</td>
        </tr>
      ))}
    </Table>
  );
}

function Unsure() {
  return <p className="panel__foot muted">The analysis could not resolve all of it: something may be missing here.</p>;
}
