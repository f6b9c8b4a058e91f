import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { client } from '../../api/client.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import type { RankedKind } from './list-risks.ts';

const KINDS: readonly { readonly value: RankedKind; readonly text: string }[] = [
  { value: 'department', text: 'Departments' },
  { value: 'machine', text: 'Machines' },
  { value: 'script', text: 'Scripts' },
];

interface Props {
  readonly kind: RankedKind;
  readonly ranking: UseQueryResult<Awaited<ReturnType<typeof client.listRisks>>>;
  readonly onKind: (kind: RankedKind) => void;
}

/** Departments, machines or scripts, the riskiest first; each leads to what its figure is made of. */
export function RiskRanking({ kind, ranking, onKind }: Props) {
  const { data } = ranking;
  return (
    <Panel
      title="Riskiest first"
      note={<Segments label="What is ranked" options={KINDS} value={kind} onChange={onKind} />}
    >
      {data === undefined ? (
        ranking.isError ? (
          <div className="panel__body">
            <ProblemNotice error={ranking.error} onRetry={() => void ranking.refetch()} />
          </div>
        ) : (
          <Skeleton lines={6} />
        )
      ) : data.items.length === 0 ? (
        <EmptyState title="There is no figure yet">
          <p>
            {kind === 'department'
              ? 'A department has one within a minute after a script that belongs to it was judged; Settings > Departments says which do.'
              : 'Figures are made within a minute after a run was judged.'}
          </p>
        </EmptyState>
      ) : (
        <>
          <Table
            label="Riskiest first"
            columns={[{ title: 'Name' }, { title: 'Risk', numeric: true }, { title: 'In a word' }]}
            linked
          >
            {data.items.map(({ subject, name, score, band }) => (
              <tr key={subject}>
                <td>
                  <Link to="/risk" search={{ of: kind, subject }} className="row-link cell-main">
                    {name}
                  </Link>
                </td>
                <td className="num">{score}</td>
                <td>{band}</td>
              </tr>
            ))}
          </Table>
          <p className="panel__foot">
            {data.items.length} shown, at most 200. Figures of {data.day}.
          </p>
        </>
      )}
    </Panel>
  );
}
