import type { FindingRow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { FilterIn } from '../../ui/filter-in.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { SeverityBadge } from '../../ui/severity-badge.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import type { FindingSearch } from './finding-search.ts';
import { StateBadge } from './state-badge.tsx';
import { SubjectLink } from './subject-link.tsx';

const COLUMNS = [
  { title: 'Choose' },
  { title: 'Severity' },
  { title: 'What was found' },
  { title: 'Script' },
  { title: 'Person' },
  { title: 'Machine' },
  { title: 'Runs', numeric: true, hint: 'Runs that raised it' },
  { title: 'Last seen' },
  { title: 'State' },
];

/** Findings as a table; each row leads to its finding. */
export function FindingTable({
  findings,
  chosen,
  onChoose,
  onFilter,
}: {
  readonly findings: readonly FindingRow[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (id: string, isChosen: boolean) => void;
  readonly onFilter: (filter: FindingSearch) => void;
}) {
  return (
    <Table label="Findings" columns={COLUMNS} linked>
      {findings.map((finding) => (
        <tr key={finding.id}>
          <td>
            <input
              type="checkbox"
              className="above-row"
              aria-label={`Choose: ${finding.title}`}
              checked={chosen.has(finding.id)}
              onChange={(event) => onChoose(finding.id, event.target.checked)}
            />
          </td>
          <td>
            <SeverityBadge severity={finding.severity} />
          </td>
          <td className="finding-cell">
            <Link to="/findings/$findingId" params={{ findingId: finding.id }} className="row-link">
              {finding.title}
            </Link>
            <span className="cell-sub">{finding.ruleId}</span>
          </td>
          <td>
            <SubjectLink finding={finding} className="above-row" />
          </td>
          <td>
            {finding.userName === '' ? null : (
              <FilterIn
                text={finding.userName}
                label={`Only findings of ${finding.userName}`}
                onFilter={() => onFilter({ userName: finding.userName })}
              />
            )}
          </td>
          <td>
            <FilterIn
              text={finding.hostName}
              label={`Only findings on ${finding.hostName}`}
              onFilter={() => onFilter({ endpointId: finding.endpointId })}
            />
          </td>
          <NumberCell value={finding.occurrences} text={formatCount(finding.occurrences)} />
          <td>
            <Ago iso={finding.lastSeenAt} />
          </td>
          <td>
            <StateBadge finding={finding} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
