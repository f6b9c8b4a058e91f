import type { ScriptRow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import type { ScriptSearch } from '../../api/script-search.ts';
import { Badge } from '../../ui/badge.tsx';
import { FilterIn } from '../../ui/filter-in.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

const COLUMNS = [
  { title: 'Script' },
  { title: 'Last run' },
  { title: 'Runs', numeric: true },
  { title: 'Failures', numeric: true, hint: 'Ended by an exception, a signal, or with a known exit code other than 0' },
  { title: 'Machines', numeric: true },
  { title: 'People' },
  { title: 'Median', numeric: true, hint: 'Median duration of a run' },
  { title: 'First run' },
];

interface Props {
  readonly scripts: readonly ScriptRow[];
  /** Filters in force: the runs behind a number keep those that runs have as well. */
  readonly search: ScriptSearch;
  readonly onFilter: (filter: ScriptSearch) => void;
}

/** Scripts as a table; each row leads to its script. */
export function ScriptTable({ scripts, search, onFilter }: Props) {
  return (
    <Table label="Scripts" columns={COLUMNS} linked>
      {scripts.map((script) => (
        <tr key={script.id}>
          <td>
            <Link to="/scripts/$scriptId" params={{ scriptId: script.id }} className="row-link cell-main">
              {script.name}
            </Link>
            <span className="cell-sub" title={script.paths.join('\n')}>
              {place(script)}
            </span>
          </td>
          <td>
            <span className="above-row nowrap">
              {script.running > 0 ? (
                <Badge tone="live">{script.running} running</Badge>
              ) : (
                <Ago iso={script.lastRunAt} />
              )}
            </span>
          </td>
          <td className="num">
            <Link
              to="/runs"
              search={{ scriptId: script.id, ...(search.since === undefined ? {} : { since: search.since }) }}
              className="above-row"
            >
              {formatCount(script.runs)}
            </Link>
          </td>
          <td className={script.failures === 0 ? 'num zero' : 'num'}>
            {script.failures === 0 ? (
              '0'
            ) : (
              <Link to="/runs" search={{ scriptId: script.id, outcome: 'failed' }} className="above-row">
                {formatCount(script.failures)}
              </Link>
            )}
          </td>
          <NumberCell value={script.endpoints} text={formatCount(script.endpoints)} />
          <td>
            <People users={script.users} onFilter={onFilter} />
          </td>
          <td className="num">
            {script.medianDurationMs === undefined ? (
              <span className="muted">not known</span>
            ) : (
              formatDuration(script.medianDurationMs)
            )}
          </td>
          <td>
            <span className="above-row">
              <Ago iso={script.firstRunAt} />
            </span>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function People({
  users,
  onFilter,
}: {
  readonly users: readonly string[];
  readonly onFilter: (filter: ScriptSearch) => void;
}) {
  const [first, ...others] = users;
  if (first === undefined) return <span className="muted">not known</span>;
  return (
    <span className="nowrap">
      <FilterIn text={first} label={`Only scripts of ${first}`} onFilter={() => onFilter({ userName: first })} />
      {others.length === 0 ? null : (
        <span className="muted above-row" title={others.join(', ')}>
          +{others.length}
        </span>
      )}
    </span>
  );
}

function place(script: ScriptRow): string {
  const [first] = script.paths;
  if (first === undefined) return KIND_WORDS[script.kind];
  return script.paths.length === 1 ? first : `${first} and ${script.paths.length - 1} more`;
}

const KIND_WORDS: Record<ScriptRow['kind'], string> = {
  file: 'file',
  module: 'started as a module (-m)',
  command: 'code on the command line (-c)',
  stdin: 'code on standard input',
  interactive: 'interactive session',
  archive: 'archive',
  notebook: 'notebook',
  embedded: 'Python inside another program',
};
