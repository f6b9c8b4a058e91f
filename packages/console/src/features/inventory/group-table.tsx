import type { InventoryGroup } from '@sentinel/protocol';
import { formatCount } from '../../ui/format-count.ts';
import { NumberCell, Table } from '../../ui/table.tsx';

interface Props {
  readonly kind: 'interpreters' | 'environments';
  readonly groups: readonly InventoryGroup[];
}

/** Interpreters or environments of all computers as a table. */
export function GroupTable({ kind, groups }: Props) {
  const columns =
    kind === 'interpreters'
      ? [{ title: 'Interpreter' }, { title: 'Python' }, { title: 'Came as' }]
      : [{ title: 'Made by' }, { title: 'Python' }];
  return (
    <Table
      label={kind === 'interpreters' ? 'Interpreters' : 'Environments'}
      columns={[...columns, { title: 'How many', numeric: true }, { title: 'Computers', numeric: true }]}
    >
      {groups.map(({ name, version, kind: origin, count, endpoints }) => (
        <tr key={`${name} ${version ?? ''} ${origin ?? ''}`}>
          <td className="cell-main">{name}</td>
          <td>{version ?? <span className="muted">not known</span>}</td>
          {kind === 'interpreters' ? <td>{origin ?? <span className="muted">not known</span>}</td> : null}
          <NumberCell value={count} text={formatCount(count)} />
          <NumberCell value={endpoints} text={formatCount(endpoints)} />
        </tr>
      ))}
    </Table>
  );
}
