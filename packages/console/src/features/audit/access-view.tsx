import type { AuditAnswer, AuditQuestion } from '@sentinel/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { endpointsQuery } from '../../api/list-endpoints.ts';
import { DEFAULT_SPAN, isSpan, spanOptions } from '../../api/moment.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter, SelectFilter, TextFilter } from '../../ui/filter-bar.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-count.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { answerQuery, isQuestion } from './answer-audit.ts';
import type { AuditSearch } from './audit-search.ts';
import { exportAnswer } from './export-answer.ts';

interface Props {
  readonly search: AuditSearch;
  readonly onChange: (patch: { [Name in keyof AuditSearch]?: AuditSearch[Name] | undefined }) => void;
  readonly onClear: () => void;
}

const KINDS: readonly { readonly value: NonNullable<AuditQuestion['kind']>; readonly text: string }[] = [
  { value: 'file', text: 'Files and documents' },
  { value: 'database', text: 'Databases' },
  { value: 'network', text: 'Network and mail' },
  { value: 'ai', text: 'AI models' },
  { value: 'program', text: 'Programs' },
];
const COLUMNS = [
  { title: 'When' },
  { title: 'Who' },
  { title: 'How' },
  { title: 'What' },
  { title: 'Script' },
  { title: 'Machine' },
  { title: 'Times', numeric: true },
  { title: 'Rows', numeric: true },
  { title: 'Bytes', numeric: true, hint: 'Received and sent' },
];

/** Builds the question, and shows its answer. */
export function AccessView({ search, onChange, onClear }: Props) {
  const endpoints = useQuery(endpointsQuery());
  const answer = useQuery(answerQuery(search));
  const save = useMutation({ mutationFn: (format: 'csv' | 'json') => exportAnswer(search, format) });
  const span = search.since === undefined ? DEFAULT_SPAN : isSpan(search.since) ? search.since : undefined;
  return (
    <>
      <search className="filter-bar" aria-label="Question">
        <div className="filter-bar__row">
          <SearchFilter
            label="What: text in a file, table, host, program or object"
            placeholder="What: file, table, host, program …"
            value={search.what}
            onChange={(what) => onChange({ what })}
          />
          <TextFilter
            label="Who"
            placeholder="Account name, exact"
            value={search.who}
            onChange={(who) => onChange({ who })}
          />
          <TextFilter
            label="Script"
            placeholder="Name, path or id"
            value={search.script}
            onChange={(script) => onChange({ script })}
          />
          <SelectFilter
            label="Kind"
            value={search.kind}
            onChange={(kind) => onChange({ kind: KINDS.find(({ value }) => value === kind)?.value })}
            options={KINDS}
          />
          <SelectFilter
            label="Machine"
            value={search.endpointId}
            onChange={(endpointId) => onChange({ endpointId })}
            options={(endpoints.data?.items ?? []).map(({ id, hostName }) => ({ value: id, text: hostName }))}
          />
          <Segments
            label="Time"
            options={spanOptions}
            value={span}
            onChange={(value) => onChange({ since: value === DEFAULT_SPAN ? undefined : value })}
          />
        </div>
      </search>
      {answer.isError ? <ProblemNotice error={answer.error} onRetry={() => void answer.refetch()} /> : null}
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      <div className="panel">
        {!isQuestion(search) ? (
          <EmptyState title="Ask about a person, a thing, a script or a machine">
            <p>
              For example: everybody who touched a file with “payroll” in its path in the last 30 days, or every
              database that one account read.
            </p>
          </EmptyState>
        ) : answer.data === undefined ? (
          answer.isError ? null : (
            <Skeleton lines={10} />
          )
        ) : answer.data.items.length === 0 ? (
          <EmptyState title="Nobody did, as far as was seen">
            <p>
              {answer.data.coverage.oldestActivityAt === undefined
                ? 'No activity is kept yet.'
                : 'A machine without an agent, or a time before the oldest activity that is kept, is not in this answer.'}
            </p>
            <Button onClick={onClear}>Ask something else</Button>
          </EmptyState>
        ) : (
          <Table label="Accesses" columns={COLUMNS}>
            {answer.data.items.map((row, index) => (
              // Rows have no id of their own, and the list never changes in place.
              // oxlint-disable-next-line react/no-array-index-key
              <Row key={index} row={row} />
            ))}
          </Table>
        )}
        {answer.data === undefined ? null : (
          <div className="list-foot">
            <output>
              {formatCount(answer.data.items.length)} of {formatCount(answer.data.total)} accesses
            </output>
            <span>
              <Button onClick={() => save.mutate('csv')} disabled={save.isPending}>
                Export CSV
              </Button>{' '}
              <Button onClick={() => save.mutate('json')} disabled={save.isPending}>
                Export JSON
              </Button>
            </span>
            <span>
              From {answer.data.coverage.reporting} of {answer.data.coverage.endpoints} machines
              {answer.data.coverage.oldestActivityAt === undefined ? null : (
                <>
                  , kept since <Time iso={answer.data.coverage.oldestActivityAt} />
                </>
              )}
            </span>
          </div>
        )}
      </div>
    </>
  );
}

function Row({ row }: { readonly row: AuditAnswer }) {
  const bytes = row.bytesIn + row.bytesOut;
  return (
    <tr>
      <td>
        <Time iso={row.at} />
      </td>
      <td>{row.who === '' ? <span className="muted">unknown</span> : row.who}</td>
      <td>
        {row.how}
        <span className="cell-sub">{row.detail}</span>
      </td>
      <td className="cell-path">
        {row.recordNumber === undefined ? (
          row.what
        ) : (
          <Link to="/audit" search={{ view: 'records', objectId: row.what }}>
            {row.what}
          </Link>
        )}
      </td>
      <td>
        {row.script === undefined ? null : (
          <Link to="/scripts/$scriptId" params={{ scriptId: row.script.id }}>
            {row.script.name}
          </Link>
        )}
      </td>
      <td>
        {row.runId === undefined ? null : (
          <Link to="/runs/$runId" params={{ runId: row.runId }}>
            {row.hostName ?? 'its run'}
          </Link>
        )}
      </td>
      <td className="num">{formatCount(row.count)}</td>
      <td className={row.rows === 0 ? 'num zero' : 'num'}>{formatCount(row.rows)}</td>
      <td className={bytes === 0 ? 'num zero' : 'num'}>{formatBytes(bytes)}</td>
    </tr>
  );
}
