import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { endpointsQuery } from '../../api/list-endpoints.ts';
import { scriptsQuery } from '../../api/list-scripts.ts';
import { DEFAULT_SPAN, isSpan, spanOptions } from '../../api/moment.ts';
import { ScriptSearch } from '../../api/script-search.ts';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type ActiveFilter, FilterBar, SearchFilter, SelectFilter, TextFilter } from '../../ui/filter-bar.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { momentText } from '../../ui/moment-text.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ScriptTable } from './script-table.tsx';

const route = getRouteApi('/shell/scripts');

const SORTS = [
  { value: 'runs', text: 'Most runs' },
  { value: 'endpoints', text: 'Most machines' },
  { value: 'name', text: 'Name' },
] as const;

/** Which scripts exist. */
export function ScriptsPage() {
  const search = route.useSearch({ select: readSearch, structuralSharing: true });
  const navigate = route.useNavigate();
  const scripts = useInfiniteQuery(scriptsQuery(search));
  const endpoints = useQuery(endpointsQuery());

  const change = (patch: { [Name in keyof ScriptSearch]?: ScriptSearch[Name] | undefined }) =>
    void navigate({ search: (present: ScriptSearch) => readSearch({ ...present, ...patch }), replace: true });
  const clear = () => void navigate({ search: search.sort === undefined ? {} : { sort: search.sort } });
  const hostOf = (id: string) => endpoints.data?.items.find((endpoint) => endpoint.id === id)?.hostName ?? id;

  const active: ActiveFilter[] = [
    filter('Text', search.q, () => change({ q: undefined })),
    filter('Machine', search.endpointId === undefined ? undefined : hostOf(search.endpointId), () =>
      change({ endpointId: undefined }),
    ),
    filter('User', search.userName, () => change({ userName: undefined })),
    filter('Library', search.library, () => change({ library: undefined })),
    filter('Touched', search.target, () => change({ target: undefined })),
    filter('Ran in', search.since === undefined ? undefined : momentText(search.since), () =>
      change({ since: undefined }),
    ),
    filter('First ran in', search.newSince === undefined ? undefined : momentText(search.newSince), () =>
      change({ newSince: undefined }),
    ),
  ].filter((entry) => entry !== undefined);

  const rows = scripts.data?.pages.flatMap((page) => page.items) ?? [];
  const total = scripts.data?.pages.at(-1)?.total ?? 0;
  const span = search.since === undefined ? DEFAULT_SPAN : isSpan(search.since) ? search.since : undefined;
  return (
    <Page
      title="Scripts"
      summary={
        scripts.data === undefined
          ? 'Python scripts that ran'
          : `${formatCounted(total, 'script')} ${active.length === 0 ? 'ran' : 'match'}, in ${momentText(search.since ?? DEFAULT_SPAN)}`
      }
    >
      <FilterBar
        active={active}
        onClear={clear}
        more={
          <>
            <SelectFilter
              label="Machine"
              value={search.endpointId}
              onChange={(endpointId) => change({ endpointId })}
              options={(endpoints.data?.items ?? []).map(({ id, hostName }) => ({ value: id, text: hostName }))}
            />
            <TextFilter
              label="User"
              placeholder="Account name, exact"
              value={search.userName}
              onChange={(userName) => change({ userName })}
            />
            <TextFilter
              label="Library"
              placeholder="Distribution or module"
              value={search.library}
              onChange={(library) => change({ library })}
            />
            <TextFilter
              label="Touched"
              placeholder="File, host, database, program"
              value={search.target}
              onChange={(target) => change({ target })}
            />
          </>
        }
      >
        <SearchFilter
          label="Name or path"
          placeholder="Name or path"
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <Segments
          label="Ran in"
          options={spanOptions}
          value={span}
          onChange={(value) => change({ since: value === DEFAULT_SPAN ? undefined : value })}
        />
        <label className="sort">
          <span className="visually-hidden">Order</span>
          <select
            className="select"
            value={search.sort ?? 'lastRunAt'}
            onChange={(event) => change({ sort: SORTS.find(({ value }) => value === event.target.value)?.value })}
          >
            <option value="lastRunAt">Last run first</option>
            {SORTS.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </FilterBar>
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
            <ScriptTable scripts={rows} search={search} onFilter={change} />
          ) : active.length > 0 ? (
            <EmptyState title="No script matches these filters">
              <p>There may be scripts outside them. Remove a filter above, or all.</p>
              <Button onClick={clear}>Clear filters</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No script has run in the last 30 days">
              <p>
                A script appears here as soon as it starts under the probe, on this computer or on any with an agent.
              </p>
              <CommandLine command="npx sentinel run -- python3 your_script.py" />
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

function filter(name: string, value: string | undefined, onRemove: () => void): ActiveFilter | undefined {
  return value === undefined ? undefined : { name, value, onRemove };
}

/** The router hands on parameters that the shape left out: they are dropped here. */
function readSearch(search: unknown): ScriptSearch {
  return ScriptSearch.parse(search);
}
