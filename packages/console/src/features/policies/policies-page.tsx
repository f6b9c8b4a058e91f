import { type PolicyRow, PolicyStage } from '@sentinel/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { sessionQuery } from '../../api/get-session.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { PlusIcon } from '../../ui/icons.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { policiesQuery } from './list-policies.ts';
import { PolicySearch } from './policy-search.ts';
import { HealthBadge, STAGE_WORDS, StageBadge } from './stage-badge.tsx';

const route = getRouteApi('/shell/policies');

/** What is enforced, and what waits for somebody. */
export function PoliciesPage() {
  const search = PolicySearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const policies = useInfiniteQuery(policiesQuery(search));
  const session = useQuery(sessionQuery);
  const canWrite = session.data?.permissions.includes('policy.write') === true;
  const canAct = session.data?.permissions.includes('action.send') === true;
  const [isAsking, setAsking] = useState(false);
  const rows = policies.data?.pages.flatMap((page) => page.items) ?? [];
  const total = policies.data?.pages.at(-1)?.total ?? 0;
  const isFiltered = Object.keys(search).length > 0;
  const change = (patch: { [Name in keyof PolicySearch]?: PolicySearch[Name] | undefined }) =>
    void navigate({ search: (present: PolicySearch) => PolicySearch.parse({ ...present, ...patch }), replace: true });
  return (
    <Page
      title="Policies"
      summary={
        policies.data === undefined
          ? 'What scripts may do'
          : `${formatCounted(total, 'policy', 'policies')}; hits are those of the last 24 hours`
      }
      actions={
        <>
          {canAct ? <Button onClick={() => setAsking(true)}>Only report for a while</Button> : null}
          {canWrite ? (
            <Link to="/policies/new" className="button button--primary">
              <PlusIcon size={13} />
              Write a policy
            </Link>
          ) : null}
        </>
      }
    >
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter label="Id or title" placeholder="Id or title" value={search.q} onChange={(q) => change({ q })} />
        <label className="sort">
          <span className="visually-hidden">Stage</span>
          <select
            className="select"
            value={search.stage ?? ''}
            onChange={(event) => change({ stage: PolicyStage.options.find((stage) => stage === event.target.value) })}
          >
            <option value="">Any stage</option>
            {PolicyStage.options.map((stage) => (
              <option key={stage} value={stage}>
                {STAGE_WORDS[stage]}
              </option>
            ))}
          </select>
        </label>
        <Button
          aria-pressed={search.waitsFor === 'approval'}
          onClick={() => change({ waitsFor: search.waitsFor === 'approval' ? undefined : 'approval' })}
        >
          Waits for a second person
        </Button>
      </search>
      {policies.isError ? <ProblemNotice error={policies.error} onRetry={() => void policies.refetch()} /> : null}
      {policies.data === undefined ? (
        policies.isError ? null : (
          <div className="panel">
            <Skeleton lines={8} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <PolicyTable policies={rows} />
          ) : isFiltered ? (
            <EmptyState title="No policy matches these filters">
              <Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>
            </EmptyState>
          ) : (
            <EmptyState title="There is no policy yet">
              <p>
                Policies are files: write one here, or apply those of a folder. A library of policies to begin with
                comes with Sentinel; all of them only report until somebody takes them further.
              </p>
              <CommandLine command='npx sentinel policy apply policies/ --reason "to begin with"' />
            </EmptyState>
          )}
          <ListFoot
            noun="policies"
            shown={rows.length}
            total={total}
            updatedAtMs={policies.dataUpdatedAt}
            hasMore={policies.hasNextPage}
            isLoadingMore={policies.isFetchingNextPage}
            onMore={() => void policies.fetchNextPage()}
          />
        </div>
      )}
      {isAsking ? (
        <ReasonDialog
          title="Only report for a while"
          hint="For an emergency: for an hour policies report and stop nothing, once another person confirms it within 15 minutes. It reaches endpoints with the next signed bundle."
          verb="Ask for it"
          changes={['break-glass']}
          perform={(reason) => client.askBreakGlass({ body: { reason, minutes: 60 } })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Page>
  );
}

function PolicyTable({ policies }: { readonly policies: readonly PolicyRow[] }) {
  return (
    <Table
      label="Policies"
      columns={[
        { title: 'Policy' },
        { title: 'Stage' },
        { title: 'Strictest effect' },
        { title: 'Hits', numeric: true, hint: 'Decisions in the last 24 hours' },
        { title: 'Stopped', numeric: true, hint: 'Acts that were blocked in the last 24 hours' },
        { title: 'Health' },
        { title: 'Waivers', numeric: true },
        { title: 'Changed' },
      ]}
      linked
    >
      {policies.map(({ id, title, live, newest, strictest, hits24h, stopped24h, waivers }) => (
        <tr key={id}>
          <td>
            <Link to="/policies/$policyId" params={{ policyId: id }} className="row-link cell-main">
              {title}
            </Link>
            <span className="cell-sub mono">{id}</span>
          </td>
          <td>
            <StageBadge version={live ?? newest} />
            {live !== undefined && live.version !== newest.version ? (
              <span className="cell-sub">
                next: version {newest.version}, {STAGE_WORDS[newest.stage].toLowerCase()}
              </span>
            ) : null}
            {newest.needsApproval && newest.approval === undefined && newest.stage === 'shadow' ? (
              <span className="cell-sub">waits for a second person</span>
            ) : null}
          </td>
          <td>
            <Badge tone={strictest === 'block' || strictest === 'kill' ? 'bad' : 'neutral'}>{strictest}</Badge>
          </td>
          <NumberCell value={hits24h} text={formatCount(hits24h)} />
          <NumberCell value={stopped24h} text={formatCount(stopped24h)} />
          <td>
            <HealthBadge version={live} />
          </td>
          <NumberCell value={waivers} text={formatCount(waivers)} />
          <td>
            <Ago iso={newest.savedAt} />
            <span className="cell-sub">by {newest.author}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}
