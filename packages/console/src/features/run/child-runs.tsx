import type { StoredRun } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { RunDuration } from '../../ui/run-duration.tsx';
import { RunOutcome } from '../../ui/run-outcome.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

const COLUMNS = [
  { title: 'Script' },
  { title: 'Status' },
  { title: 'Begun by' },
  { title: 'Process', numeric: true },
  { title: 'Started' },
  { title: 'Duration', numeric: true },
];

/** Runs that a run forked or launched. */
export function ChildRuns({ runs }: { readonly runs: readonly StoredRun[] }) {
  if (runs.length === 0) return null;
  return (
    <Panel title="Runs it started" note={formatCounted(runs.length, 'run')}>
      <Table label="Runs that this run started" columns={COLUMNS} linked>
        {runs.map((run) => (
          <tr key={run.id}>
            <td>
              <Link to="/runs/$runId" params={{ runId: run.id }} className="row-link cell-main">
                {run.script.name}
              </Link>
            </td>
            <td>
              <RunOutcome run={run} />
            </td>
            <td>{run.startKind === 'fork' ? 'fork' : 'launch'}</td>
            <td className="num">{run.pid}</td>
            <td>
              <span className="above-row">
                <Time iso={run.startedAt} />
              </span>
            </td>
            <td className="num">
              <RunDuration run={run} />
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
