import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { FoundScriptTable } from './found-script-table.tsx';
import { InventorySearch } from './inventory-search.ts';
import { inventoriesQuery } from './list-inventories.ts';
import { inventoryScriptsQuery } from './list-inventory-scripts.ts';

const route = getRouteApi('/shell/inventories/$inventoryId');

/** What a scan found on one computer: the scripts and notebooks of people, the highest risk first. */
export function InventoryPage() {
  const { inventoryId } = route.useParams();
  const { q } = InventorySearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const computers = useQuery(inventoriesQuery(undefined));
  const scripts = useInfiniteQuery(inventoryScriptsQuery(inventoryId, q));
  const computer = computers.data?.items.find(({ id }) => id === inventoryId);
  const rows = scripts.data?.pages.flatMap((page) => page.items) ?? [];
  const total = scripts.data?.pages.at(-1)?.total ?? 0;
  const search = (text: string | undefined) =>
    void navigate({ search: text === undefined ? {} : { q: text }, replace: true });
  return (
    <Page
      title={computer?.hostName ?? 'Inventory'}
      documentTitle={`${computer?.hostName ?? 'Inventory'}, inventory`}
      summary={
        computer === undefined ? (
          'What a scan found'
        ) : (
          <>
            {computer.os}, scanned <Time iso={computer.startedAt} />
            {computer.isComplete ? '' : ', interrupted: incomplete'}. {formatCounted(computer.scripts, 'script')} of
            people, {formatCounted(computer.packages, 'package')}, {formatCounted(computer.environments, 'environment')}
            .
          </>
        )
      }
      actions={
        computer?.endpointId === undefined ? null : (
          <Link to="/runs" search={{ endpointId: computer.endpointId }} className="button">
            Runs on it
          </Link>
        )
      }
    >
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter label="Path" placeholder="Path" value={q} onChange={search} />
      </search>
      {scripts.isError ? <ProblemNotice error={scripts.error} onRetry={() => void scripts.refetch()} /> : null}
      {scripts.data === undefined ? (
        scripts.isError ? null : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <FoundScriptTable scripts={rows} />
          ) : q !== undefined ? (
            <EmptyState title="No script has this in its path">
              <Button onClick={() => search(undefined)}>Clear the search</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No script of people was found here">
              <p>
                The scan found no Python source in the folders it looked at besides those of applications and libraries.
              </p>
            </EmptyState>
          )}
          <ListFoot
            noun="scripts"
            shown={rows.length}
            total={total}
            updatedAtMs={scripts.dataUpdatedAt}
            hasMore={scripts.hasNextPage}
            isLoadingMore={scripts.isFetchingNextPage}
            onMore={() => void scripts.fetchNextPage()}
          />
        </div>
      )}
    </Page>
  );
}
