import type { DataFlow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-count.ts';
import { Labels } from '../../ui/labels.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { DIRECTION_WORDS } from './direction-words.ts';

const COLUMNS = [
  { title: 'Script' },
  { title: 'Did' },
  { title: 'Place' },
  { title: 'Labels' },
  { title: 'Rows', numeric: true },
  { title: 'Bytes', numeric: true },
  { title: 'Runs', numeric: true },
  { title: 'Last' },
];

/** Ways that data took, as a table. */
export function FlowTable({ flows }: { readonly flows: readonly DataFlow[] }) {
  return (
    <Table label="Ways that data took" columns={COLUMNS}>
      {flows.map((flow) => (
        <tr key={`${flow.familyId} ${flow.direction} ${flow.kind} ${flow.name} ${flow.labels.join()}`}>
          <td>
            <Link to="/families/$familyId" params={{ familyId: flow.familyId }}>
              {flow.scriptName}
            </Link>
          </td>
          <td>{DIRECTION_WORDS[flow.direction]}</td>
          <td className="cell-path">
            <Link to="/data" search={{ view: 'touches', name: flow.name }}>
              {flow.name}
            </Link>
          </td>
          <td>
            <Labels labels={flow.labels} />
          </td>
          <NumberCell value={flow.rows} text={formatCount(flow.rows)} />
          <NumberCell value={flow.bytes} text={formatBytes(flow.bytes)} />
          <NumberCell value={flow.runs} text={formatCount(flow.runs)} />
          <td>
            <Ago iso={flow.lastAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
