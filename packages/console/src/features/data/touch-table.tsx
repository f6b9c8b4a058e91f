import type { listDataTouches } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-count.ts';
import { Labels } from '../../ui/labels.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { DIRECTION_WORDS } from './direction-words.ts';
import type { ListState } from './list-state.ts';
import { PagedPanel } from './paged-panel.tsx';

type Touch = z.infer<(typeof listDataTouches)['response']>['items'][number];

const COLUMNS = [
  { title: 'When' },
  { title: 'Script' },
  { title: 'Person' },
  { title: 'Machine' },
  { title: 'Did' },
  { title: 'Place' },
  { title: 'Labels' },
  { title: 'Rows', numeric: true },
  { title: 'Bytes', numeric: true },
];

/** Who touched data, run by run. */
export function TouchTable(list: ListState<Touch>) {
  return (
    <PagedPanel
      list={list}
      noun="touches"
      empty={{ title: 'Nobody touched such data', text: 'Remove a filter above, or look at a longer time.' }}
    >
      {(rows) => (
        <Table label="Who touched data" columns={COLUMNS} linked>
          {rows.map((touch) => (
            <tr key={`${touch.runId} ${touch.direction} ${touch.kind} ${touch.name}`}>
              <td>
                <Link to="/runs/$runId" params={{ runId: touch.runId }} className="row-link">
                  <Time iso={touch.at} />
                </Link>
              </td>
              <td>
                <Link to="/families/$familyId" params={{ familyId: touch.familyId }} className="above-row">
                  {touch.scriptName}
                </Link>
              </td>
              <td>{touch.userName}</td>
              <td>{touch.hostName}</td>
              <td>{DIRECTION_WORDS[touch.direction]}</td>
              <td className="cell-path">{touch.name}</td>
              <td>
                <Labels labels={touch.labels} />
              </td>
              <NumberCell value={touch.rows} text={formatCount(touch.rows)} />
              <NumberCell value={touch.bytes} text={formatBytes(touch.bytes)} />
            </tr>
          ))}
        </Table>
      )}
    </PagedPanel>
  );
}
