import { type ActivityType, activityTypes, type Touched } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { type LaneId, lanes } from '../../ui/lanes.ts';
import { Panel } from '../../ui/panel.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

const TYPES: Readonly<Record<string, ActivityType | undefined>> = activityTypes;
const FIRST_ROWS = 12;

interface Props {
  readonly touched: readonly Touched[];
  readonly total: number;
  readonly scriptId: string;
}

/** What a script touched over all its runs, by lane. */
export function TouchedSections({ touched, total, scriptId }: Props) {
  return (
    <>
      {touched.length < total ? (
        <p className="muted">
          {formatCount(touched.length)} of {formatCount(total)} things touched are listed, the most used of each kind.
        </p>
      ) : null}
      {lanes
        .filter((lane) => lane.id !== 'probe')
        .map((lane) => (
          <Section
            key={lane.id}
            lane={lane}
            scriptId={scriptId}
            rows={touched.filter((row) => (TYPES[row.type]?.lane ?? 'other') === lane.id)}
          />
        ))}
    </>
  );
}

interface SectionProps {
  readonly lane: (typeof lanes)[number];
  readonly rows: readonly Touched[];
  readonly scriptId: string;
}

function Section({ lane, rows, scriptId }: SectionProps) {
  const [isWhole, setWhole] = useState(false);
  if (rows.length === 0) return lane.id === 'other' ? null : <EmptySection title={lane.title} />;
  // Modules of the standard library come last: they say least.
  const ordered =
    lane.id === 'modules' ? [...rows.filter((row) => !isStandard(row)), ...rows.filter(isStandard)] : rows;
  const shown = isWhole ? ordered : ordered.slice(0, FIRST_ROWS);
  const hasKind = lane.id !== 'modules' && lane.id !== 'processes';
  const hasRows = lane.id === 'databases';
  const hasBytes = lane.id === 'files' || lane.id === 'network' || lane.id === 'databases';
  const columns = [
    { title: lane.noun },
    { title: lane.detail },
    ...(hasKind ? [{ title: 'Kind' }] : []),
    { title: 'Runs', numeric: true },
    { title: 'Times', numeric: true },
    ...(hasBytes
      ? [
          { title: lane.id === 'files' ? 'Written' : 'Sent', numeric: true },
          { title: lane.id === 'files' ? 'Read' : 'Received', numeric: true },
        ]
      : []),
    ...(hasRows ? [{ title: 'Rows', numeric: true }] : []),
    { title: 'Last seen' },
  ];
  return (
    <Panel
      title={lane.title}
      note={
        <>
          {formatCount(shown.length)} of {formatCount(rows.length)}
        </>
      }
    >
      <Table label={`${lane.title} that it touched`} columns={columns}>
        {shown.map((row) => (
          <tr key={`${row.type} ${row.target} ${row.detail}`}>
            <td className="cell-path">
              <Link
                to="/runs"
                search={lane.id === 'modules' ? { scriptId, library: row.target } : { scriptId, target: row.target }}
                title="Runs that touched it"
              >
                {row.target === '' ? '(no name)' : row.target}
              </Link>
            </td>
            <td className="break">{row.detail === '' ? <span className="muted">–</span> : row.detail}</td>
            {hasKind ? <td className="nowrap muted">{TYPES[row.type]?.title ?? row.type}</td> : null}
            <td className="num">{formatCount(row.runs)}</td>
            <td className="num">{formatCount(row.count)}</td>
            {hasBytes ? (
              <>
                <NumberCell value={row.bytesOut} text={bytesText(row.bytesOut, lane.id)} />
                <NumberCell value={row.bytesIn} text={bytesText(row.bytesIn, lane.id)} />
              </>
            ) : null}
            {hasRows ? <NumberCell value={row.rows} text={formatCount(row.rows)} /> : null}
            <td>
              <Ago iso={row.lastSeen} />
            </td>
          </tr>
        ))}
      </Table>
      {rows.length > FIRST_ROWS ? (
        <div className="panel__foot">
          <Button look="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show fewer' : `Show ${formatCounted(rows.length - FIRST_ROWS, 'more', 'more')}`}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

/** Bytes of files and databases are not always counted, so none is not shown as zero there. */
function bytesText(bytes: number, lane: LaneId): string {
  return bytes === 0 && lane !== 'network' ? '–' : formatBytes(bytes);
}

function isStandard({ detail }: Touched): boolean {
  return detail === 'stdlib' || detail === 'builtin';
}

function EmptySection({ title }: { readonly title: string }) {
  return (
    <Panel title={title}>
      <p className="panel__body muted">None was seen.</p>
    </Panel>
  );
}
