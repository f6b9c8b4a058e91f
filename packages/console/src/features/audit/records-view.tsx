import type { AuditRecord } from '@sentinel/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { DEFAULT_SPAN, isSpan, spanOptions } from '../../api/moment.ts';
import { Button } from '../../ui/button.tsx';
import { clientName } from '../../ui/client-name.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TextFilter } from '../../ui/filter-bar.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import type { AuditSearch } from './audit-search.ts';
import { auditRecordsQuery } from './list-audit-records.ts';

interface Props {
  readonly search: AuditSearch;
  readonly onChange: (patch: { [Name in keyof AuditSearch]?: AuditSearch[Name] | undefined }) => void;
}

const COLUMNS = [
  { title: 'Record', numeric: true },
  { title: 'When' },
  { title: 'Who' },
  { title: 'Did' },
  { title: 'To' },
  { title: 'From' },
  { title: 'Details' },
];

/** Records of the audit trail, newest first. */
export function RecordsView({ search, onChange }: Props) {
  const records = useInfiniteQuery(auditRecordsQuery(search));
  const rows = records.data?.pages.flatMap(({ items }) => items) ?? [];
  const span = search.since === undefined ? DEFAULT_SPAN : isSpan(search.since) ? search.since : undefined;
  const clear = { actor: undefined, action: undefined, objectKind: undefined, objectId: undefined };
  return (
    <>
      <search className="filter-bar" aria-label="Filters">
        <div className="filter-bar__row">
          <TextFilter
            label="Who"
            placeholder="Account name, exact"
            value={search.actor}
            onChange={(actor) => onChange({ actor })}
          />
          <TextFilter
            label="Did"
            placeholder="policy, or policy.publish"
            value={search.action}
            onChange={(action) => onChange({ action })}
          />
          <TextFilter
            label="To kind"
            placeholder="account, policy, finding …"
            value={search.objectKind}
            onChange={(objectKind) => onChange({ objectKind })}
          />
          <TextFilter label="To id" value={search.objectId} onChange={(objectId) => onChange({ objectId })} />
          <Segments
            label="Time"
            options={spanOptions}
            value={span}
            onChange={(value) => onChange({ since: value === DEFAULT_SPAN ? undefined : value })}
          />
        </div>
      </search>
      {records.isError ? <ProblemNotice error={records.error} onRetry={() => void records.refetch()} /> : null}
      {records.data === undefined ? (
        records.isError ? null : (
          <div className="panel">
            <Skeleton lines={12} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length === 0 ? (
            <EmptyState title="No record matches">
              <Button onClick={() => onChange(clear)}>Clear filters</Button>
            </EmptyState>
          ) : (
            <Table label="Audit records" columns={COLUMNS}>
              {rows.map((record) => (
                <Row key={record.number} record={record} />
              ))}
            </Table>
          )}
          <ListFoot
            noun="records"
            shown={rows.length}
            total={records.data.pages.at(-1)?.total ?? rows.length}
            updatedAtMs={records.dataUpdatedAt}
            hasMore={records.hasNextPage}
            isLoadingMore={records.isFetchingNextPage}
            onMore={() => void records.fetchNextPage()}
          />
        </div>
      )}
    </>
  );
}

function Row({ record }: { readonly record: AuditRecord & { readonly hash: string } }) {
  const { number, at, actor, action, object, origin, before, after, reason, hash } = record;
  return (
    <tr>
      <td className="num" title={hash}>
        {number}
      </td>
      <td>
        <Time iso={at} />
      </td>
      <td>
        {actor.name}
        <span className="cell-sub">
          {[actor.role, actor.isToken === true ? 'token' : ''].filter(Boolean).join(', ')}
        </span>
      </td>
      <td>{action}</td>
      <td className="cell-path">
        {object.kind}
        <span className="cell-sub">{object.id}</span>
      </td>
      <td>
        {origin.address}
        <span className="cell-sub" title={origin.client}>
          {origin.client === undefined ? null : clientName(origin.client)}
        </span>
      </td>
      <td>
        {reason === undefined ? null : <span>{reason}</span>}
        {before === undefined && after === undefined ? null : (
          <details>
            <summary className="nowrap">Before and after</summary>
            <pre className="cell-text">{JSON.stringify({ before, after }, undefined, 2)}</pre>
          </details>
        )}
      </td>
    </tr>
  );
}
