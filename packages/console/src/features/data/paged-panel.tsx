import type { ReactNode } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { ListState } from './list-state.ts';

/** A list in all its states: on its way, failed, empty, or there. */
export function PagedPanel<Row>({
  list,
  noun,
  empty,
  children,
}: {
  readonly list: ListState<Row>;
  readonly noun: string;
  readonly empty: { readonly title: string; readonly text: string };
  readonly children: (rows: readonly Row[]) => ReactNode;
}) {
  const { rows, total, error, onRetry } = list;
  if (error !== undefined && rows === undefined) return <ProblemNotice error={error} onRetry={onRetry} />;
  return (
    <div className="panel">
      {rows === undefined ? (
        <Skeleton lines={8} />
      ) : (
        <>
          {rows.length === 0 ? (
            <EmptyState title={empty.title}>
              <p>{empty.text}</p>
            </EmptyState>
          ) : (
            children(rows)
          )}
          <ListFoot
            noun={noun}
            shown={rows.length}
            total={total}
            updatedAtMs={list.updatedAtMs}
            hasMore={list.hasMore}
            isLoadingMore={list.isLoadingMore}
            onMore={list.onMore}
          />
        </>
      )}
    </div>
  );
}
