import type { LibraryRow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../../ui/format-count.ts';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { VerdictBadge } from './verdict-badge.tsx';

const COLUMNS = [
  { title: 'Library' },
  { title: 'What is wrong' },
  { title: 'Scripts', numeric: true, hint: 'Scripts that imported it in the last 30 days' },
  { title: 'Runs', numeric: true, hint: 'Runs of the last 30 days that imported it' },
  { title: 'Last import' },
  { title: 'Installed on', numeric: true, hint: 'Computers whose newest inventory has it' },
];

/** Libraries as a table, a row a version; each leads to its library. */
export function LibraryTable({ libraries }: { readonly libraries: readonly LibraryRow[] }) {
  return (
    <Table label="Libraries" columns={COLUMNS} linked>
      {libraries.map(({ distribution, version, verdict, scripts, runs, lastImportedAt, computers }) => (
        <tr key={`${distribution} ${version ?? ''}`}>
          <td>
            <Link to="/libraries/$distribution" params={{ distribution }} className="row-link cell-main">
              {distribution}
            </Link>
            <span className="cell-sub">{version ?? 'version not known'}</span>
          </td>
          <td>
            <VerdictBadge verdict={verdict} />
          </td>
          <td className={scripts === 0 ? 'num zero' : 'num'}>
            {scripts === 0 ? (
              '0'
            ) : (
              <Link to="/scripts" search={{ library: distribution }} className="above-row">
                {formatCount(scripts)}
              </Link>
            )}
          </td>
          <td className={runs === 0 ? 'num zero' : 'num'}>
            {runs === 0 ? (
              '0'
            ) : (
              <Link to="/runs" search={{ library: distribution }} className="above-row">
                {formatCount(runs)}
              </Link>
            )}
          </td>
          <td>
            {lastImportedAt === undefined ? (
              <span className="muted">not in 30 days</span>
            ) : (
              <span className="above-row">
                <Ago iso={lastImportedAt} />
              </span>
            )}
          </td>
          <NumberCell value={computers} text={formatCount(computers)} />
        </tr>
      ))}
    </Table>
  );
}
