import { Sanction } from '@sentinel/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type ActiveFilter, FilterBar, SearchFilter, SelectFilter, TextFilter } from '../../ui/filter-bar.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { momentText } from '../../ui/moment-text.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { FamilySearch } from './family-search.ts';
import { familiesQuery } from './list-families.ts';
import { SanctionBadge } from './sanction-badge.tsx';

const route = getRouteApi('/shell/families');

const COLUMNS = [
  { title: 'Script' },
  { title: 'State' },
  { title: 'Owner' },
  { title: 'Risk', numeric: true },
  { title: 'Findings', numeric: true, hint: 'To settle' },
  { title: 'Versions', numeric: true },
  { title: 'Copies', numeric: true, hint: 'Places over all machines' },
  { title: 'Machines', numeric: true },
  { title: 'People', numeric: true },
  { title: 'Last run' },
];

/** Which scripts there are, all copies and versions of one together, and who answers for them. */
export function FamiliesPage() {
  const search = route.useSearch({ select: readSearch, structuralSharing: true });
  const navigate = route.useNavigate();
  const families = useInfiniteQuery(familiesQuery(search));
  const change = (patch: { [Name in keyof FamilySearch]?: FamilySearch[Name] | undefined }) =>
    void navigate({ search: (present: FamilySearch) => readSearch({ ...present, ...patch }), replace: true });
  const clear = () => void navigate({ search: {} });
  const approved = { true: 'sanctioned', false: 'not sanctioned' } as const;
  const active: ActiveFilter[] = [
    filter('Text', search.q, () => change({ q: undefined })),
    filter('State', search.sanction, () => change({ sanction: undefined })),
    filter('Owner', search.owner, () => change({ owner: undefined })),
    filter('Owner known', search.isOwnerKnown === undefined ? undefined : YES_NO[search.isOwnerKnown], () =>
      change({ isOwnerKnown: undefined }),
    ),
    filter('Department', search.departmentId, () => change({ departmentId: undefined })),
    filter('Read data', search.label, () => change({ label: undefined })),
    filter('Runs now', search.isRunning === undefined ? undefined : 'yes', () => change({ isRunning: undefined })),
    filter('Approval', search.isApproved === undefined ? undefined : approved[search.isApproved], () =>
      change({ isApproved: undefined }),
    ),
    filter('Since', search.since === undefined ? undefined : momentText(search.since), () =>
      change({ since: undefined }),
    ),
  ].filter((entry) => entry !== undefined);
  const rows = families.data?.pages.flatMap((page) => page.items) ?? [];
  const total = families.data?.pages.at(-1)?.total ?? 0;
  return (
    <Page
      title="Families"
      summary={
        families.data === undefined
          ? 'Scripts with all their copies and versions'
          : `${formatCounted(total, 'script')}, copies and versions counted as one`
      }
    >
      <FilterBar
        active={active}
        onClear={clear}
        more={
          <>
            <TextFilter label="Owner" value={search.owner} onChange={(owner) => change({ owner })} />
            <TextFilter
              label="Department"
              value={search.departmentId}
              onChange={(departmentId) => change({ departmentId })}
            />
            <SelectFilter
              label="Owner known"
              value={search.isOwnerKnown}
              onChange={(value) => change({ isOwnerKnown: value === 'true' || value === 'false' ? value : undefined })}
              options={[
                { value: 'true', text: 'yes' },
                { value: 'false', text: 'no' },
              ]}
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
        <Choice
          label="State"
          any="Any state"
          value={search.sanction}
          onChange={(value) => change({ sanction: Sanction.options.find((one) => one === value) })}
          options={Sanction.options.map((one) => ({ value: one, text: one }))}
        />
        <Choice
          label="Read data"
          value={search.label}
          onChange={(label) => change({ label })}
          options={['customer', 'personal', 'financial', 'health', 'any'].map((one) => ({
            value: one,
            text: one === 'any' ? 'read labelled data' : `read ${one} data`,
          }))}
          any="Any data or none"
        />
      </FilterBar>
      {families.isError ? <ProblemNotice error={families.error} onRetry={() => void families.refetch()} /> : null}
      {families.data === undefined ? (
        families.isError ? null : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <Table label="Script families" columns={COLUMNS} linked>
              {rows.map((family) => (
                <tr key={family.id}>
                  <td>
                    <Link to="/families/$familyId" params={{ familyId: family.id }} className="row-link cell-main">
                      {family.name}
                    </Link>
                    <span className="cell-sub" title={family.path}>
                      {family.path ?? 'code without a file'}
                    </span>
                  </td>
                  <td>
                    <SanctionBadge sanction={family.sanction} isStated={family.isSanctionStated} />
                  </td>
                  <td>{family.owner ?? <span className="muted">nobody known</span>}</td>
                  <td className="num">
                    {family.riskScore === undefined ? <span className="muted">not yet</span> : family.riskScore}
                  </td>
                  <td className={family.openFindings === 0 ? 'num zero' : 'num'}>
                    {family.openFindings === 0 ? (
                      '0'
                    ) : (
                      <Link to="/findings" search={{ familyId: family.id }} className="above-row">
                        {formatCount(family.openFindings)}
                      </Link>
                    )}
                  </td>
                  <NumberCell value={family.versions} text={formatCount(family.versions)} />
                  <NumberCell value={family.copies} text={formatCount(family.copies)} />
                  <NumberCell value={family.endpoints} text={formatCount(family.endpoints)} />
                  <NumberCell value={family.users} text={formatCount(family.users)} />
                  <td>
                    <Ago iso={family.lastSeenAt} />
                  </td>
                </tr>
              ))}
            </Table>
          ) : active.length > 0 ? (
            <EmptyState title="No script matches these filters">
              <p>There may be scripts outside them. Remove a filter above, or all.</p>
              <Button onClick={clear}>Clear filters</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No script was judged yet">
              <p>A script appears here some seconds after its first run under the probe.</p>
              <CommandLine command="npx sentinel run -- python3 your_script.py" />
            </EmptyState>
          )}
          <ListFoot
            noun="scripts"
            shown={rows.length}
            total={total}
            updatedAtMs={families.dataUpdatedAt}
            hasMore={families.hasNextPage}
            isLoadingMore={families.isFetchingNextPage}
            onMore={() => void families.fetchNextPage()}
          />
        </div>
      )}
    </Page>
  );
}

const YES_NO = { true: 'yes', false: 'no' } as const;

function filter(name: string, value: string | undefined, onRemove: () => void): ActiveFilter | undefined {
  return value === undefined ? undefined : { name, value, onRemove };
}

/** The router hands on parameters that the shape left out: they are dropped here. */
function readSearch(search: unknown): FamilySearch {
  return FamilySearch.parse(search);
}
