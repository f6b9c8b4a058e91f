import type { Department } from '@sentinel/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { DepartmentForm } from './department-form.tsx';
import { companyQuery } from './get-company.ts';
import { ResponsibilityPanel } from './responsibility-panel.tsx';
import { SamplingPanel } from './sampling-panel.tsx';
import type { SettingsSearch } from './settings-search.ts';

interface Props {
  readonly search: SettingsSearch;
  readonly onChange: (patch: { [Name in keyof SettingsSearch]?: SettingsSearch[Name] | undefined }) => void;
}

const COLUMNS = [
  { title: 'Department' },
  { title: 'Working hours' },
  { title: 'Days off', numeric: true },
  { title: 'Approved hours', numeric: true },
  { title: 'Custodian' },
  { title: 'From' },
  { title: 'Remove' },
];
const NEW = 'new';

/** When departments work, who answers for which scripts, and into which files agents may look. */
export function DepartmentSettings({ search, onChange }: Props) {
  const queryClient = useQueryClient();
  const company = useQuery(companyQuery);
  const done = () => queryClient.invalidateQueries({ queryKey: companyQuery.queryKey });
  const remove = useMutation({
    mutationFn: (departmentId: string) => client.deleteDepartment({ params: { departmentId } }),
    onSuccess: done,
  });
  if (company.isError) return <ProblemNotice error={company.error} onRetry={() => void company.refetch()} />;
  if (company.data === undefined)
    return (
      <div className="panel">
        <Skeleton lines={6} />
      </div>
    );
  const { departments, responsibilities, settings } = company.data;
  const opened = departments.find(({ id }) => id === search.open);
  const close = () => onChange({ open: undefined });
  return (
    <>
      <div className="filter-bar__row">
        <Button look="primary" onClick={() => onChange({ open: NEW })}>
          <PlusIcon size={13} />
          Add a department
        </Button>
      </div>
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      <Panel title="Departments" note="runs are judged by these hours from now on">
        {departments.length === 0 ? (
          <EmptyState title="There is no department yet">
            <p>Without working hours no run is judged to be outside of them.</p>
          </EmptyState>
        ) : (
          <Table label="Departments" columns={COLUMNS}>
            {departments.map((department) => (
              <tr key={department.id}>
                <td>
                  <Button
                    look="quiet"
                    onClick={() => onChange({ open: department.id })}
                    aria-label={`Change ${department.name}`}
                  >
                    {department.name}
                  </Button>
                  <span className="cell-sub">{department.id}</span>
                </td>
                <td>{hoursText(department)}</td>
                <td className="num">{department.calendar?.holidays.length ?? 0}</td>
                <td className="num">{department.schedules.length}</td>
                <td>{department.custodian ?? ''}</td>
                <td>{department.source}</td>
                <td>
                  <Button look="quiet" onClick={() => remove.mutate(department.id)} disabled={remove.isPending}>
                    Remove<span className="visually-hidden"> {department.name}</span>
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <ResponsibilityPanel responsibilities={responsibilities} departments={departments} onDone={done} />
      <SamplingPanel key={settings.sampling.files.join('\n')} settings={settings} onDone={done} />
      {search.open === NEW ? <DepartmentForm onClose={close} onDone={done} /> : null}
      {opened === undefined ? null : (
        <DepartmentForm key={opened.id} department={opened} onClose={close} onDone={done} />
      )}
    </>
  );
}

function hoursText({ calendar }: Department): string {
  if (calendar === undefined) return 'not judged';
  const { days, from, to, timeZone } = calendar;
  return `${days.join(', ')} ${from} to ${to}, ${timeZone}`;
}
