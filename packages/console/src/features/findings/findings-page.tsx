import type { Severity } from '@sentinel/protocol';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { spanOptions } from '../../api/moment.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type ActiveFilter, FilterBar, SearchFilter, TextFilter } from '../../ui/filter-bar.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { ListFoot } from '../../ui/list-foot.tsx';
import { momentText } from '../../ui/moment-text.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DecideDialog, type Decision } from './decide-dialog.tsx';
import { exportFindings } from './export-findings.ts';
import { FindingSearch } from './finding-search.ts';
import { FindingTable } from './finding-table.tsx';
import { findingsQuery } from './list-findings.ts';
import { NotificationPanel } from './notification-panel.tsx';

const route = getRouteApi('/shell/findings');

const STATES = [
  { value: 'unsettled', text: 'To settle' },
  { value: 'accepted', text: 'Accepted' },
  { value: 'fixed', text: 'Fixed' },
  { value: 'all', text: 'All' },
] as const;
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** What rules found, and what waits for a decision. */
export function FindingsPage() {
  const search = route.useSearch({ select: readSearch, structuralSharing: true });
  const navigate = route.useNavigate();
  const findings = useInfiniteQuery(findingsQuery(search));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [decision, setDecision] = useState<Decision>();
  const save = useMutation({ mutationFn: (format: 'csv' | 'json') => exportFindings(search, format) });

  const change = (patch: { [Name in keyof FindingSearch]?: FindingSearch[Name] | undefined }) => {
    setChosen(new Set());
    void navigate({ search: (present: FindingSearch) => readSearch({ ...present, ...patch }), replace: true });
  };
  const clear = () => {
    setChosen(new Set());
    void navigate({ search: search.state === undefined ? {} : { state: search.state } });
  };
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };

  const active: ActiveFilter[] = [
    filter('Text', search.q, () => change({ q: undefined })),
    filter('Severity', search.severity, () => change({ severity: undefined })),
    filter('Rule', search.ruleId, () => change({ ruleId: undefined })),
    filter('Person', search.userName, () => change({ userName: undefined })),
    filter('Machine', search.endpointId, () => change({ endpointId: undefined })),
    filter('Script', search.familyId, () => change({ familyId: undefined })),
    filter('Department', search.departmentId, () => change({ departmentId: undefined })),
    filter('Owner', search.owner, () => change({ owner: undefined })),
    filter('Run', search.runId, () => change({ runId: undefined })),
    filter('Seen in', search.since === undefined ? undefined : momentText(search.since), () =>
      change({ since: undefined }),
    ),
  ].filter((entry) => entry !== undefined);
  const pages = findings.data?.pages;
  const rows = pages?.flatMap((page) => page.items) ?? [];
  const total = pages?.at(-1)?.total ?? 0;
  const counts = pages?.at(-1)?.bySeverity;
  return (
    <Page
      title="Findings"
      summary={
        counts === undefined
          ? 'What rules found in runs'
          : `${formatCounted(total, 'finding')}: ${SEVERITIES.map((severity) => `${counts[severity]} ${severity}`).join(', ')}`
      }
      actions={
        <>
          <Button onClick={() => save.mutate('csv')} disabled={save.isPending}>
            {save.isPending ? 'Exporting …' : 'Export CSV'}
          </Button>
          <Button onClick={() => save.mutate('json')} disabled={save.isPending}>
            Export JSON
          </Button>
        </>
      }
    >
      <FilterBar
        active={active}
        onClear={clear}
        more={
          <>
            <TextFilter label="Rule" value={search.ruleId} onChange={(ruleId) => change({ ruleId })} />
            <TextFilter label="Person" value={search.userName} onChange={(userName) => change({ userName })} />
            <TextFilter
              label="Department"
              value={search.departmentId}
              onChange={(departmentId) => change({ departmentId })}
            />
            <TextFilter label="Owner" value={search.owner} onChange={(owner) => change({ owner })} />
          </>
        }
      >
        <SearchFilter
          label="Sentence or script"
          placeholder="Sentence or script"
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <Segments
          label="State"
          options={STATES}
          value={STATES.find(({ value }) => value === (search.state ?? 'unsettled'))?.value}
          onChange={(state) => change({ state: state === 'unsettled' ? undefined : state })}
        />
        <Choice
          label="Severity"
          any="Any severity"
          value={search.severity}
          onChange={(severity) => change({ severity: SEVERITIES.find((one) => one === severity) })}
          options={SEVERITIES.map((severity) => ({ value: severity, text: severity }))}
        />
        <Choice
          label="Seen in"
          value={search.since}
          onChange={(since) => change({ since: spanOptions.find(({ value }) => value === since)?.value })}
          options={spanOptions.filter(({ value }) => value !== 'all').map(({ value, text }) => ({ value, text }))}
          any="Any time"
        />
      </FilterBar>
      {save.isError ? <ProblemNotice error={save.error} /> : null}
      {save.data === undefined ? null : (
        <output className="muted">
          Exported {formatCounted(save.data.count, 'finding')}; SHA-256 of the rows {save.data.sha256}
        </output>
      )}
      {findings.isError ? <ProblemNotice error={findings.error} onRetry={() => void findings.refetch()} /> : null}
      {pages === undefined ? (
        findings.isError ? null : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )
      ) : (
        <div className="panel">
          {chosen.size > 0 ? (
            <div className="bulk">
              <output>{formatCounted(chosen.size, 'finding')} chosen</output>
              <Button onClick={() => setDecision('accepted')}>Accept …</Button>
              <Button onClick={() => setDecision('fixed')}>Fixed …</Button>
              <Button onClick={() => setDecision('open')}>Open again …</Button>
              <Button look="quiet" onClick={() => setChosen(new Set())}>
                Choose none
              </Button>
            </div>
          ) : null}
          {rows.length > 0 ? (
            <FindingTable findings={rows} chosen={chosen} onChoose={choose} onFilter={change} />
          ) : active.length > 0 ? (
            <EmptyState title="No finding matches these filters">
              <p>There may be findings outside them. Remove a filter above, or all.</p>
              <Button onClick={clear}>Clear filters</Button>
            </EmptyState>
          ) : (
            <EmptyState title="Nothing waits for a decision">
              <p>
                Runs are judged as they end. Label your data and say who answers for which scripts on the page Data, so
                that rules know what matters.
              </p>
            </EmptyState>
          )}
          <ListFoot
            noun="findings"
            shown={rows.length}
            total={total}
            updatedAtMs={findings.dataUpdatedAt}
            hasMore={findings.hasNextPage}
            isLoadingMore={findings.isFetchingNextPage}
            onMore={() => void findings.fetchNextPage()}
          />
        </div>
      )}
      {active.length === 0 ? <NotificationPanel /> : null}
      {decision === undefined ? null : (
        <DecideDialog
          ids={[...chosen]}
          decision={decision}
          onClose={() => {
            setDecision(undefined);
            setChosen(new Set());
          }}
        />
      )}
    </Page>
  );
}

function filter(name: string, value: string | undefined, onRemove: () => void): ActiveFilter | undefined {
  return value === undefined ? undefined : { name, value, onRemove };
}

/** The router hands on parameters that the shape left out: they are dropped here. */
function readSearch(search: unknown): FindingSearch {
  return FindingSearch.parse(search);
}
