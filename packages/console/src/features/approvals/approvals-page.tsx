import { ApprovalState, type ScriptApproval } from '@sentinel/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { ApprovalBadge, STATE_WORDS } from './approval-badge.tsx';
import { ApprovalSearch } from './approval-search.ts';
import { approvalsQuery } from './list-approvals.ts';

const route = getRouteApi('/shell/approvals');

/** What waits for me; who approved what. */
export function ApprovalsPage() {
  const search = ApprovalSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const approvals = useInfiniteQuery(approvalsQuery(search));
  const rows = approvals.data?.pages.flatMap((page) => page.items) ?? [];
  const total = approvals.data?.pages.at(-1)?.total ?? 0;
  const isMine = search.mine === 'yes';
  const isFiltered = Object.keys(search).length > 0;
  const change = (patch: { [Name in keyof ApprovalSearch]?: ApprovalSearch[Name] | undefined }) =>
    void navigate({
      search: (present: ApprovalSearch) => ApprovalSearch.parse({ ...present, ...patch }),
      replace: true,
    });
  return (
    <Page
      title="Approvals"
      summary={
        approvals.data === undefined
          ? 'Scripts that somebody asks for'
          : isMine
            ? `${formatCounted(total, 'request')} for you to decide`
            : `${formatCounted(total, 'request')}; an approval is for exactly one version of a script`
      }
    >
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter
          label="Script or person"
          placeholder="Script, path, SHA-256, person"
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <label className="sort">
          <span className="visually-hidden">State</span>
          <select
            className="select"
            value={search.state ?? ''}
            disabled={isMine}
            onChange={(event) => change({ state: ApprovalState.options.find((state) => state === event.target.value) })}
          >
            <option value="">Any state</option>
            {ApprovalState.options.map((state) => (
              <option key={state} value={state}>
                {STATE_WORDS[state]}
              </option>
            ))}
          </select>
        </label>
        <Button aria-pressed={isMine} onClick={() => change({ mine: isMine ? undefined : 'yes', state: undefined })}>
          Waits for me
        </Button>
      </search>
      {approvals.isError ? <ProblemNotice error={approvals.error} onRetry={() => void approvals.refetch()} /> : null}
      {approvals.data === undefined ? (
        approvals.isError ? null : (
          <div className="panel">
            <Skeleton lines={8} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <ApprovalTable approvals={rows} />
          ) : isMine ? (
            <EmptyState title="Nothing waits for you">
              <p>Requests of your own, and for scripts that you wrote, wait for others.</p>
              <Button onClick={() => void navigate({ search: {} })}>Show all requests</Button>
            </EmptyState>
          ) : isFiltered ? (
            <EmptyState title="No request matches these filters">
              <Button onClick={() => void navigate({ search: {} })}>Clear filters</Button>
            </EmptyState>
          ) : (
            <EmptyState title="Nobody has asked for an approval yet">
              <p>A request comes when a policy holds a script back, or when somebody asks:</p>
              <CommandLine command='npx sentinel approval request report.py --reason "daily report"' />
            </EmptyState>
          )}
          <ListFoot
            noun="requests"
            shown={rows.length}
            total={total}
            updatedAtMs={approvals.dataUpdatedAt}
            hasMore={approvals.hasNextPage}
            isLoadingMore={approvals.isFetchingNextPage}
            onMore={() => void approvals.fetchNextPage()}
          />
        </div>
      )}
    </Page>
  );
}

const ORIGINS = { person: '', policy: 'a policy held it back', carried: 'carried over' } as const;

function ApprovalTable({ approvals }: { readonly approvals: readonly ScriptApproval[] }) {
  return (
    <Table
      label="Requests for approvals"
      columns={[
        { title: 'Script' },
        { title: 'State' },
        { title: 'Asked by' },
        { title: 'Reason' },
        { title: 'Decided by' },
        { title: 'Holds until' },
      ]}
      linked
    >
      {approvals.map((approval) => (
        <tr key={approval.id}>
          <td>
            <Link to="/approvals/$approvalId" params={{ approvalId: approval.id }} className="row-link cell-main">
              {approval.scriptName}
            </Link>
            <span className="cell-sub mono">{approval.sha256.slice(0, 12)}</span>
          </td>
          <td>
            <ApprovalBadge approval={approval} />
            {approval.waitsForMe ? <span className="cell-sub">waits for you</span> : null}
          </td>
          <td>
            {approval.requestedBy}
            <span className="cell-sub">
              <Ago iso={approval.requestedAt} />
            </span>
          </td>
          <td className="break">
            {approval.reason}
            {ORIGINS[approval.origin] === '' ? null : <span className="cell-sub">{ORIGINS[approval.origin]}</span>}
          </td>
          <td>{approval.decidedBy ?? <span className="muted">–</span>}</td>
          <td>
            {approval.state === 'approved' && approval.expiresAt !== undefined ? (
              <Time iso={approval.expiresAt} />
            ) : (
              <span className="muted">–</span>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
