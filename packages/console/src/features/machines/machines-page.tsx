import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { sessionQuery } from '../../api/get-session.ts';
import { endpointsQuery } from '../../api/list-endpoints.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AddMachineDialog } from './add-machine-dialog.tsx';
import { DepartmentDialog } from './department-dialog.tsx';
import { MachineSearch } from './machine-search.ts';
import { MachineTable } from './machine-table.tsx';

const route = getRouteApi('/shell/machines');

/** Where Python runs, and whether the agents are well. */
export function MachinesPage() {
  // The router hands on what the shape left out.
  const { q, add, department } = MachineSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const machines = useQuery(endpointsQuery(q));
  const session = useQuery(sessionQuery);
  const canManage = session.data?.permissions.includes('enrolment.manage') === true;
  const canLabel = session.data?.permissions.includes('data.manage') === true;
  const rows = machines.data?.items ?? [];
  const labelled = rows.find(({ id }) => id === department);
  const reporting = rows.filter((machine) => machine.reporting).length;
  const openDialog = () => void navigate({ search: { ...(q === undefined ? {} : { q }), add: '1' } });

  return (
    <Page
      title="Machines"
      summary={
        machines.data === undefined
          ? 'Computers with an agent'
          : `${reporting} of ${rows.length} reporting: a sign of life within three minutes`
      }
      actions={
        canManage ? (
          <Button look="primary" onClick={openDialog}>
            <PlusIcon size={13} />
            Add a machine
          </Button>
        ) : null
      }
    >
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter
          label="Host name"
          placeholder="Host name"
          value={q}
          onChange={(text) => void navigate({ search: text === undefined ? {} : { q: text }, replace: true })}
        />
      </search>
      {machines.isError ? <ProblemNotice error={machines.error} onRetry={() => void machines.refetch()} /> : null}
      {machines.data === undefined ? (
        machines.isError ? null : (
          <div className="panel">
            <Skeleton lines={6} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length > 0 ? (
            <MachineTable
              machines={rows}
              onDepartment={
                canLabel
                  ? ({ id }) => void navigate({ search: { ...(q === undefined ? {} : { q }), department: id } })
                  : undefined
              }
            />
          ) : q !== undefined ? (
            <EmptyState title="No machine has this in its name">
              <Button onClick={() => void navigate({ search: {} })}>Clear the search</Button>
            </EmptyState>
          ) : (
            <EmptyState title="No machine is known yet">
              <p>
                A machine appears when its agent enrols. <code>sentinel up</code> starts one on this computer; for
                another, make an enrolment token.
              </p>
              {canManage ? <Button onClick={openDialog}>Add a machine</Button> : <p>Ask an owner to add one.</p>}
            </EmptyState>
          )}
          <ListFoot
            noun="machines"
            shown={rows.length}
            total={machines.data.total}
            updatedAtMs={machines.dataUpdatedAt}
            hasMore={false}
            isLoadingMore={false}
            onMore={() => undefined}
          />
        </div>
      )}
      {labelled !== undefined && canLabel ? (
        <DepartmentDialog
          key={labelled.id}
          machine={labelled}
          known={[...new Set(rows.flatMap((row) => row.department ?? []))].sort()}
          onClose={() => void navigate({ search: q === undefined ? {} : { q }, replace: true })}
        />
      ) : null}
      {add === '1' && canManage ? (
        <AddMachineDialog onClose={() => void navigate({ search: q === undefined ? {} : { q }, replace: true })} />
      ) : null}
    </Page>
  );
}
