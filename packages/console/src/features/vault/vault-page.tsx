import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { vaultQuery } from './list-vault.ts';
import { VaultSearch } from './vault-search.ts';

const route = getRouteApi('/shell/vault');
const COLUMNS = [
  { title: 'Script' },
  { title: 'Version' },
  { title: 'Collected' },
  { title: 'Runs', numeric: true },
  { title: 'People' },
  { title: 'Size', numeric: true },
  { title: 'Credentials', numeric: true, hint: 'Taken out before the source left its computer' },
  { title: 'Restored', numeric: true },
];

/** Which versions of scripts are kept. */
export function VaultPage() {
  const search = VaultSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const vault = useInfiniteQuery(vaultQuery(search));
  const rows = vault.data?.pages.flatMap((page) => page.items) ?? [];
  const total = vault.data?.pages.at(-1)?.total ?? 0;
  const isFiltered = search.q !== undefined || search.scriptId !== undefined;
  return (
    <Page
      title="Vault"
      summary={
        vault.data === undefined
          ? 'Versions of scripts that ran, ready to run again'
          : `${formatCounted(total, 'version')} ${isFiltered ? 'match' : 'kept'}, without credentials`
      }
    >
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter
          label="Name, path or SHA-256"
          placeholder="Name, path or SHA-256"
          value={search.q}
          onChange={(q) => void navigate({ search: q === undefined ? {} : { q }, replace: true })}
        />
        {search.scriptId === undefined ? null : (
          <Button onClick={() => void navigate({ search: {} })}>Show all scripts</Button>
        )}
      </search>
      {vault.isError ? <ProblemNotice error={vault.error} onRetry={() => void vault.refetch()} /> : null}
      {vault.data === undefined ? (
        vault.isError ? null : (
          <div className="panel">
            <Skeleton lines={8} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <Table label="Versions in the vault" columns={COLUMNS} linked>
              {rows.map((row) => (
                <tr key={row.sha256}>
                  <td>
                    <Link to="/vault/$sha256" params={{ sha256: row.sha256 }} className="row-link cell-main">
                      {row.name}
                    </Link>
                    <span className="cell-sub" title={row.path}>
                      {row.path}
                    </span>
                  </td>
                  <td>
                    <code title={row.sha256}>{row.sha256.slice(0, 12)}</code>
                  </td>
                  <td>
                    <span className="above-row nowrap">
                      <Ago iso={row.collectedAt} />
                    </span>
                  </td>
                  <NumberCell value={row.runs} text={formatCount(row.runs)} />
                  <td>{row.users.length === 0 ? <span className="muted">not known</span> : row.users.join(', ')}</td>
                  <td className="num">{formatBytes(row.sizeBytes)}</td>
                  <NumberCell value={row.secrets} text={formatCount(row.secrets)} />
                  <NumberCell value={row.restores} text={formatCount(row.restores)} />
                </tr>
              ))}
            </Table>
          ) : isFiltered ? (
            <EmptyState title="No version matches">
              <Button onClick={() => void navigate({ search: {} })}>Clear the search</Button>
            </EmptyState>
          ) : (
            <EmptyState title="The vault is empty">
              <p>
                Every new version of a script that runs on a computer with an agent is kept here by itself. Credentials
                are replaced by references before the source leaves that computer.
              </p>
            </EmptyState>
          )}
          <ListFoot
            noun="versions"
            shown={rows.length}
            total={total}
            updatedAtMs={vault.dataUpdatedAt}
            hasMore={vault.hasNextPage}
            isLoadingMore={vault.isFetchingNextPage}
            onMore={() => void vault.fetchNextPage()}
          />
        </div>
      )}
    </Page>
  );
}
