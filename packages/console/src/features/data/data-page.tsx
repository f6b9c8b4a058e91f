import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { DEFAULT_SPAN, isSpan, spanOptions } from '../../api/moment.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type ActiveFilter, FilterBar, SearchFilter, TextFilter } from '../../ui/filter-bar.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { momentText } from '../../ui/moment-text.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { filesQuery, flowsQuery, placesQuery, touchesQuery } from './data-queries.ts';
import { DataSearch } from './data-search.ts';
import { FileTable } from './file-table.tsx';
import { FlowColumns } from './flow-columns.tsx';
import { FlowTable } from './flow-table.tsx';
import { PlacePanel } from './place-panel.tsx';
import { TouchTable } from './touch-table.tsx';

const route = getRouteApi('/shell/data');

const VIEWS = [
  { value: 'flows', text: 'Ways' },
  { value: 'touches', text: 'Who touched it' },
  { value: 'files', text: 'Copies' },
  { value: 'places', text: 'Labels' },
] as const;

/** Which data scripts touched, who did it, and where it went. */
export function DataPage() {
  const search = route.useSearch({ select: readSearch, structuralSharing: true });
  const navigate = route.useNavigate();
  const places = useQuery(placesQuery);
  const view = search.view ?? 'flows';
  const change = (patch: { [Name in keyof DataSearch]?: DataSearch[Name] | undefined }) =>
    void navigate({ search: (present: DataSearch) => readSearch({ ...present, ...patch }), replace: true });
  const clear = () => void navigate({ search: search.view === undefined ? {} : { view: search.view } });
  const active: ActiveFilter[] = [
    filter('Text', search.q, () => change({ q: undefined })),
    filter('Label', search.label, () => change({ label: undefined })),
    filter('Script', search.familyId, () => change({ familyId: undefined })),
    filter('Place', search.name, () => change({ name: undefined })),
    filter('Direction', search.direction, () => change({ direction: undefined })),
    filter('In', search.since === undefined ? undefined : momentText(search.since), () => change({ since: undefined })),
  ].filter((entry) => entry !== undefined);
  const known = new Set([
    'customer',
    'personal',
    'financial',
    'health',
    ...(places.data?.labels.map(({ label }) => label) ?? []),
  ]);
  const span = search.since === undefined ? DEFAULT_SPAN : isSpan(search.since) ? search.since : undefined;
  return (
    <Page
      title="Data"
      summary={
        places.data === undefined
          ? 'Which data scripts touched, and where it went'
          : `${formatCounted(places.data.items.length, 'labelled place')}; labels pass on to files that scripts write`
      }
    >
      <FilterBar
        active={active}
        onClear={clear}
        more={
          <TextFilter label="Place, exact" value={search.name} onChange={(name) => change({ name, view: 'touches' })} />
        }
      >
        <SearchFilter
          label="Place or script"
          placeholder="Place or script"
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <Segments
          label="View"
          options={VIEWS}
          value={view}
          onChange={(value) => change({ view: value === 'flows' ? undefined : value })}
        />
        <Choice
          label="Label"
          any="Any label"
          value={search.label}
          onChange={(label) => change({ label })}
          options={[...known].map((label) => ({ value: label, text: label }))}
        />
        <Segments
          label="In"
          options={spanOptions}
          value={span}
          onChange={(value) => change({ since: value === DEFAULT_SPAN ? undefined : value })}
        />
      </FilterBar>
      {view === 'flows' ? <Flows search={search} onClear={clear} isFiltered={active.length > 0} /> : null}
      {view === 'touches' ? <Touches search={search} /> : null}
      {view === 'files' ? <Files search={search} /> : null}
      {view === 'places' ? <PlacePanel /> : null}
    </Page>
  );
}

function Flows({
  search,
  onClear,
  isFiltered,
}: {
  readonly search: DataSearch;
  readonly onClear: () => void;
  readonly isFiltered: boolean;
}) {
  const flows = useQuery(flowsQuery(search));
  if (flows.data === undefined)
    return flows.isError ? (
      <ProblemNotice error={flows.error} onRetry={() => void flows.refetch()} />
    ) : (
      <div className="panel">
        <Skeleton lines={8} />
      </div>
    );
  if (flows.data.items.length === 0)
    return (
      <div className="panel">
        <EmptyState title={isFiltered ? 'No data matches these filters' : 'No script touched data yet'}>
          {isFiltered ? (
            <Button onClick={onClear}>Clear filters</Button>
          ) : (
            <p>
              Databases, labelled files and receivers of data appear here some seconds after a run. Say what lies where:{' '}
              <Link to="/data" search={{ view: 'places' }}>
                label data
              </Link>
              .
            </p>
          )}
        </EmptyState>
      </div>
    );
  const { items, total } = flows.data;
  return (
    <>
      <Panel
        title="From scripts to data and destinations"
        note={
          <>
            {items.length} of {total} ways, as of <Time iso={new Date(flows.dataUpdatedAt).toISOString()} />
          </>
        }
      >
        <FlowColumns flows={items} />
      </Panel>
      <Panel title="The same as a table">
        <FlowTable flows={items} />
      </Panel>
    </>
  );
}

function Touches({ search }: { readonly search: DataSearch }) {
  const touches = useInfiniteQuery(touchesQuery(search));
  return (
    <TouchTable
      rows={touches.data?.pages.flatMap((page) => page.items)}
      total={touches.data?.pages.at(-1)?.total ?? 0}
      error={touches.isError ? touches.error : undefined}
      updatedAtMs={touches.dataUpdatedAt}
      hasMore={touches.hasNextPage}
      isLoadingMore={touches.isFetchingNextPage}
      onMore={() => void touches.fetchNextPage()}
      onRetry={() => void touches.refetch()}
    />
  );
}

function Files({ search }: { readonly search: DataSearch }) {
  const files = useInfiniteQuery(filesQuery(search));
  return (
    <FileTable
      rows={files.data?.pages.flatMap((page) => page.items)}
      total={files.data?.pages.at(-1)?.total ?? 0}
      error={files.isError ? files.error : undefined}
      updatedAtMs={files.dataUpdatedAt}
      hasMore={files.hasNextPage}
      isLoadingMore={files.isFetchingNextPage}
      onMore={() => void files.fetchNextPage()}
      onRetry={() => void files.refetch()}
    />
  );
}

function filter(name: string, value: string | undefined, onRemove: () => void): ActiveFilter | undefined {
  return value === undefined ? undefined : { name, value, onRemove };
}

/** The router hands on parameters that the shape left out: they are dropped here. */
function readSearch(search: unknown): DataSearch {
  return DataSearch.parse(search);
}
