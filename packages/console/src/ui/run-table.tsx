import type { RunRow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import type { RunSearch } from '../api/run-search.ts';
import { FilterIn } from './filter-in.tsx';
import { formatBytes } from './format-bytes.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { RunDuration } from './run-duration.tsx';
import { RunOutcome } from './run-outcome.tsx';
import { type Column, NumberCell, Table } from './table.tsx';
import { Time } from './time.tsx';

interface Props {
  readonly label: string;
  readonly runs: readonly RunRow[];
  /** `full` has every column, `short` those that tell runs apart. */
  readonly width?: 'full' | 'short';
  /** Leaves the script out: the page is about one. The time of the start leads to the run then. */
  readonly isOfOneScript?: boolean;
  /** Narrows the list to a value of a cell; without it cells have no filter buttons. */
  readonly onFilter?: (filter: RunSearch) => void;
  /** Runs that just came or changed. */
  readonly fresh?: ReadonlySet<string>;
}

const SHORT: readonly Column[] = [
  { title: 'Script' },
  { title: 'Status' },
  { title: 'Machine' },
  { title: 'User' },
  { title: 'Duration', numeric: true },
];

const STARTED: Column = { title: 'Started', hint: 'In your time zone; point at a time for UTC' };

const REST: readonly Column[] = [
  { title: 'CPU', numeric: true, hint: 'Processor time, user and system' },
  { title: 'Memory', numeric: true, hint: 'Largest resident memory' },
  { title: 'Libs', numeric: true, hint: 'Libraries beyond the standard one' },
  { title: 'Files r / w', numeric: true, hint: 'Files read and written' },
  { title: 'Hosts', numeric: true, hint: 'Network hosts' },
  { title: 'Out / in', numeric: true, hint: 'Bytes sent and received over the network' },
  { title: 'DB rows', numeric: true, hint: 'Database rows fetched or changed' },
];

/** Runs as a table; each row leads to its run. */
export function RunTable({ label, runs, width = 'full', isOfOneScript = false, onFilter, fresh }: Props) {
  const columns = [
    ...(isOfOneScript ? [STARTED, ...SHORT.slice(1)] : [...SHORT.slice(0, -1), STARTED, ...SHORT.slice(-1)]),
    ...(width === 'full' ? REST : []),
  ];
  return (
    <Table label={label} columns={columns} linked>
      {runs.map((run) => (
        <tr key={run.id} className={fresh?.has(run.id) === true ? 'row--fresh' : undefined}>
          <td>
            <Link to="/runs/$runId" params={{ runId: run.id }} className="row-link cell-main">
              {isOfOneScript ? <Time iso={run.startedAt} /> : run.script.name}
            </Link>
          </td>
          <td>
            <RunOutcome run={run} />
          </td>
          <td>
            <FilterIn
              text={run.hostName}
              label={`Only runs on ${run.hostName}`}
              {...(onFilter === undefined ? {} : { onFilter: () => onFilter({ endpointId: run.endpointId }) })}
            />
          </td>
          <td>
            <FilterIn
              text={run.user.name}
              label={`Only runs of ${run.user.name}`}
              {...(onFilter === undefined ? {} : { onFilter: () => onFilter({ userName: run.user.name }) })}
            />
          </td>
          {isOfOneScript ? null : (
            <td>
              <span className="above-row">
                <Time iso={run.startedAt} />
              </span>
            </td>
          )}
          <td className="num">
            <RunDuration run={run} />
          </td>
          {width === 'full' ? <Totals run={run} /> : null}
        </tr>
      ))}
    </Table>
  );
}

function Totals({ run }: { readonly run: RunRow }) {
  const { totals } = run;
  const cpu = cpuMs(run);
  return (
    <>
      <td className="num">{cpu === undefined ? <Unknown /> : formatDuration(cpu)}</td>
      <td className="num">{run.peakMemoryBytes === undefined ? <Unknown /> : formatBytes(run.peakMemoryBytes)}</td>
      <NumberCell value={totals.libraries} text={formatCount(totals.libraries)} />
      <NumberCell
        value={totals.filesRead + totals.filesWritten}
        text={`${formatCount(totals.filesRead)} / ${formatCount(totals.filesWritten)}`}
      />
      <NumberCell value={totals.hosts} text={formatCount(totals.hosts)} />
      <NumberCell
        value={totals.bytesOut + totals.bytesIn}
        text={`${formatBytes(totals.bytesOut)} / ${formatBytes(totals.bytesIn)}`}
      />
      <NumberCell value={totals.rows} text={formatCount(totals.rows)} />
    </>
  );
}

/** A value that nobody could see; not the same as zero. */
function Unknown() {
  return (
    <span className="muted" title="Not known (yet)">
      –<span className="visually-hidden">not known</span>
    </span>
  );
}

function cpuMs(run: RunRow): number | undefined {
  if (run.cpuUserMs === undefined && run.cpuSystemMs === undefined) return undefined;
  return (run.cpuUserMs ?? 0) + (run.cpuSystemMs ?? 0);
}
