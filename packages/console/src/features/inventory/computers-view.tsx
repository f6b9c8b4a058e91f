import { useQuery } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ComputerTable } from './computer-table.tsx';
import { inventoriesQuery } from './list-inventories.ts';
import { NoInventory } from './no-inventory.tsx';

interface Props {
  readonly q: string | undefined;
  readonly onSearch: (text: string | undefined) => void;
}

/** Computers whose inventory is known. */
export function ComputersView({ q, onSearch }: Props) {
  const computers = useQuery(inventoriesQuery(q));
  const rows = computers.data?.items ?? [];
  return (
    <>
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter label="Host name" placeholder="Host name" value={q} onChange={onSearch} />
      </search>
      {computers.isError ? <ProblemNotice error={computers.error} onRetry={() => void computers.refetch()} /> : null}
      {computers.data === undefined ? (
        computers.isError ? null : (
          <div className="panel">
            <Skeleton lines={6} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <ComputerTable computers={rows} />
          ) : q !== undefined ? (
            <EmptyState title="No computer has this in its name">
              <Button onClick={() => onSearch(undefined)}>Clear the search</Button>
            </EmptyState>
          ) : (
            <NoInventory title="No computer was scanned yet" />
          )}
          <ListFoot
            noun="computers"
            shown={rows.length}
            total={computers.data.total}
            updatedAtMs={computers.dataUpdatedAt}
            hasMore={false}
            isLoadingMore={false}
            onMore={() => undefined}
          />
        </div>
      )}
    </>
  );
}
