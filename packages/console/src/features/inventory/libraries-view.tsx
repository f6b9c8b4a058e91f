import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type ActiveFilter, FilterBar, SearchFilter, SelectFilter } from '../../ui/filter-bar.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { LibrarySearch } from './library-search.ts';
import { LibraryTable } from './library-table.tsx';
import { librariesQuery } from './list-libraries.ts';
import { NoInventory } from './no-inventory.tsx';

const USES = [
  { value: 'all', text: 'All' },
  { value: 'imported', text: 'Imported' },
  { value: 'unused', text: 'Never imported' },
] as const;
const VERDICTS = [
  { value: 'any', text: 'Something is wrong' },
  { value: 'vulnerable', text: 'Vulnerable' },
  { value: 'malicious', text: 'Malicious' },
  { value: 'squat', text: 'Imitates another name' },
  { value: 'unknown-name', text: 'Unknown name' },
] as const;
const SORTS = [
  { value: 'scripts', text: 'Most scripts' },
  { value: 'computers', text: 'Most computers' },
  { value: 'name', text: 'Name' },
] as const;

interface Props {
  readonly search: LibrarySearch;
  readonly onChange: (patch: { [Name in keyof LibrarySearch]?: LibrarySearch[Name] | undefined }) => void;
  readonly onClear: () => void;
}

/** Versions of libraries with what is wrong and who uses them. */
export function LibrariesView({ search, onChange, onClear }: Props) {
  const libraries = useInfiniteQuery(librariesQuery(search));
  const last = libraries.data?.pages.at(-1);
  const rows = libraries.data?.pages.flatMap((page) => page.items) ?? [];
  const active: ActiveFilter[] = [
    filter('Text', search.q, () => onChange({ q: undefined })),
    filter('Verdict', VERDICTS.find(({ value }) => value === search.verdict)?.text, () =>
      onChange({ verdict: undefined }),
    ),
    filter('Use', USES.find(({ value }) => value === search.use)?.text, () => onChange({ use: undefined })),
  ].filter((entry) => entry !== undefined);
  return (
    <>
      <FilterBar
        active={active}
        onClear={onClear}
        more={
          <SelectFilter
            label="Verdict"
            value={search.verdict}
            onChange={(verdict) => onChange({ verdict: VERDICTS.find(({ value }) => value === verdict)?.value })}
            options={VERDICTS}
          />
        }
      >
        <SearchFilter
          label="Name or advisory"
          placeholder="Name or advisory"
          value={search.q}
          onChange={(q) => onChange({ q })}
        />
        <Segments
          label="Use in the last 30 days"
          options={USES}
          value={search.use ?? 'all'}
          onChange={(value) => onChange({ use: value === 'all' ? undefined : value })}
        />
        <label className="sort">
          <span className="visually-hidden">Order</span>
          <select
            className="select"
            value={search.sort ?? 'verdict'}
            onChange={(event) => onChange({ sort: SORTS.find(({ value }) => value === event.target.value)?.value })}
          >
            <option value="verdict">Wrong and used first</option>
            {SORTS.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </FilterBar>
      {libraries.isError ? <ProblemNotice error={libraries.error} onRetry={() => void libraries.refetch()} /> : null}
      {last === undefined ? (
        libraries.isError ? null : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )
      ) : (
        <>
          {last.summary.flagged > 0 ? (
            <p className={last.summary.flaggedImported > 0 ? 'notice notice--warn' : 'notice'}>
              {formatCounted(last.summary.flagged, 'version')} of {formatCount(last.summary.libraries)}{' '}
              {last.summary.flagged === 1 ? 'has' : 'have'} something wrong;{' '}
              {last.summary.flaggedImported === 0
                ? 'no run of the last 30 days imported any of them.'
                : `runs of the last 30 days imported ${formatCount(last.summary.flaggedImported)} of them.`}
            </p>
          ) : null}
          <div className="panel">
            {rows.length > 0 ? (
              <LibraryTable libraries={rows} />
            ) : active.length > 0 ? (
              <EmptyState title="No library matches these filters">
                <p>There may be libraries outside them. Remove a filter above, or all.</p>
                <Button onClick={onClear}>Clear filters</Button>
              </EmptyState>
            ) : (
              <NoInventory title="No library is known yet" />
            )}
            <ListFoot
              noun="versions"
              shown={rows.length}
              total={last.total}
              updatedAtMs={libraries.dataUpdatedAt}
              hasMore={libraries.hasNextPage}
              isLoadingMore={libraries.isFetchingNextPage}
              onMore={() => void libraries.fetchNextPage()}
            />
          </div>
          {last.summary.inventories === 0 && rows.length > 0 ? (
            <p className="muted">
              No inventory has been uploaded: only what runs imported is known, and nothing is said of advisories.
            </p>
          ) : null}
        </>
      )}
    </>
  );
}

function filter(name: string, value: string | undefined, onRemove: () => void): ActiveFilter | undefined {
  return value === undefined ? undefined : { name, value, onRemove };
}
