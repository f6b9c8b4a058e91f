import type { Activity } from '@sentinel/protocol';
import { useState } from 'react';
import { attributeText, laneOf } from '../../ui/activity-words.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { lanes } from '../../ui/lanes.ts';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { type ActivityColumn, columnsOf } from './activity-columns.tsx';

const FIRST_ROWS = 15;

/** The activities of a run as tables, one a lane. */
export function ActivitySections({
  activities,
  isRunning,
}: {
  readonly activities: readonly Activity[];
  readonly isRunning: boolean;
}) {
  return (
    <>
      {lanes.map((lane) => {
        const rows = activities.filter((activity) => laneOf(activity) === lane.id);
        if (lane.id === 'modules') return <LibrarySection key={lane.id} activities={rows} />;
        if (rows.length > 0)
          return <Section key={lane.id} title={lane.title} rows={rows} columns={columnsOf(lane.id)} />;
        return lane.id === 'other' || lane.id === 'probe' ? null : (
          <Panel key={lane.id} title={lane.title}>
            <p className="panel__body muted">None was seen{isRunning ? ' yet' : ''}.</p>
          </Panel>
        );
      })}
    </>
  );
}

/** Libraries, with those of the standard library out of sight until asked for. */
function LibrarySection({ activities }: { readonly activities: readonly Activity[] }) {
  const [hasStandard, setStandard] = useState(false);
  const others = activities.filter((activity) => !isStandard(activity));
  const standard = activities.length - others.length;
  return (
    <Section
      title="Libraries"
      rows={hasStandard ? activities : others}
      columns={columnsOf('modules')}
      empty={activities.length === 0 ? 'None was seen.' : 'Only modules of the standard library were imported.'}
      tools={
        standard === 0 ? null : (
          <Button look="quiet" aria-pressed={hasStandard} onClick={() => setStandard(!hasStandard)}>
            {hasStandard ? 'Hide' : 'Show'} {formatCount(standard)} of the standard library
          </Button>
        )
      }
    />
  );
}

interface SectionProps {
  readonly title: string;
  readonly rows: readonly Activity[];
  readonly columns: readonly ActivityColumn[];
  readonly empty?: string;
  readonly tools?: React.ReactNode;
}

function Section({ title, rows, columns, empty = 'None was seen.', tools = null }: SectionProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, FIRST_ROWS);
  const hasFoot = rows.length > FIRST_ROWS || tools !== null;
  return (
    <Panel
      title={title}
      note={rows.length === 0 ? undefined : `${formatCount(shown.length)} of ${formatCount(rows.length)}`}
    >
      {rows.length === 0 ? (
        <p className="panel__body muted">{empty}</p>
      ) : (
        <Table label={title} columns={columns}>
          {shown.map((activity) => (
            <tr key={activity.id}>
              {columns.map((column) => (
                <td key={column.title} className={column.className}>
                  {column.cell(activity)}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
      {hasFoot ? (
        <div className="panel__foot">
          {rows.length > FIRST_ROWS ? (
            <Button look="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
              {isWhole ? 'Show fewer' : `Show all ${formatCount(rows.length)}`}
            </Button>
          ) : null}
          {tools}
        </div>
      ) : null}
    </Panel>
  );
}

function isStandard(activity: Activity): boolean {
  const kind = attributeText(activity, 'sentinel.module.kind');
  return kind === 'stdlib' || kind === 'builtin';
}
