import type { InventoryRow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

const COLUMNS = [
  { title: 'Computer' },
  { title: 'Agent' },
  { title: 'Scanned' },
  { title: 'Scripts', numeric: true, hint: 'Scripts and notebooks that people wrote' },
  { title: 'High risk', numeric: true, hint: 'Scripts and notebooks of high or critical risk' },
  { title: 'Interpreters', numeric: true },
  { title: 'Environments', numeric: true },
  { title: 'Packages', numeric: true },
  { title: 'Schedules', numeric: true },
];

/** Computers whose inventory is known, those without an agent included. */
export function ComputerTable({ computers }: { readonly computers: readonly InventoryRow[] }) {
  return (
    <Table label="Computers" columns={COLUMNS} linked>
      {computers.map((computer) => (
        <tr key={computer.id}>
          <td>
            <Link to="/inventories/$inventoryId" params={{ inventoryId: computer.id }} className="row-link cell-main">
              {computer.hostName}
            </Link>
            <span className="cell-sub">{computer.os}</span>
          </td>
          <td>
            {computer.endpointId === undefined ? (
              <Badge tone="neutral">none: a scan was uploaded</Badge>
            ) : (
              <Link to="/runs" search={{ endpointId: computer.endpointId }} className="above-row">
                enrolled: its runs
              </Link>
            )}
          </td>
          <td>
            <Ago iso={computer.startedAt} />
            {computer.isComplete ? null : <span className="cell-sub">interrupted: incomplete</span>}
          </td>
          <NumberCell value={computer.scripts} text={formatCount(computer.scripts)} />
          <NumberCell value={computer.highRisk} text={formatCount(computer.highRisk)} />
          <NumberCell value={computer.interpreters} text={formatCount(computer.interpreters)} />
          <NumberCell value={computer.environments} text={formatCount(computer.environments)} />
          <NumberCell value={computer.packages} text={formatCount(computer.packages)} />
          <NumberCell value={computer.schedules} text={formatCount(computer.schedules)} />
        </tr>
      ))}
    </Table>
  );
}
