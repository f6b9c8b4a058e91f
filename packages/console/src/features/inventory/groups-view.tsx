import { useQuery } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { GroupTable } from './group-table.tsx';
import { inventoryGroupsQuery } from './list-inventory-groups.ts';
import { NoInventory } from './no-inventory.tsx';

interface Props {
  readonly kind: 'interpreters' | 'environments';
  readonly q: string | undefined;
  readonly onSearch: (text: string | undefined) => void;
}

/** Interpreters or environments over all computers. */
export function GroupsView({ kind, q, onSearch }: Props) {
  const groups = useQuery(inventoryGroupsQuery(kind, q));
  const rows = groups.data?.items ?? [];
  return (
    <>
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter label="Name" placeholder="Name" value={q} onChange={onSearch} />
      </search>
      {groups.isError ? <ProblemNotice error={groups.error} onRetry={() => void groups.refetch()} /> : null}
      {groups.data === undefined ? (
        groups.isError ? null : (
          <div className="panel">
            <Skeleton lines={6} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <GroupTable kind={kind} groups={rows} />
          ) : q !== undefined ? (
            <EmptyState title="None has this in its name">
              <Button onClick={() => onSearch(undefined)}>Clear the search</Button>
            </EmptyState>
          ) : (
            <NoInventory
              title={kind === 'interpreters' ? 'No interpreter is known yet' : 'No environment is known yet'}
            />
          )}
          <ListFoot
            noun="kinds"
            shown={rows.length}
            total={groups.data.total}
            updatedAtMs={groups.dataUpdatedAt}
            hasMore={false}
            isLoadingMore={false}
            onMore={() => undefined}
          />
        </div>
      )}
    </>
  );
}
