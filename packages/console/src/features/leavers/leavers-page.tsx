import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { LeaversSearch } from './leavers-search.ts';
import { LeftDialog } from './left-dialog.tsx';
import { leaversQuery } from './list-leavers.ts';

const route = getRouteApi('/shell/leavers');
const COLUMNS = [
  { title: 'Person' },
  { title: 'Department' },
  { title: 'Left' },
  { title: 'Scripts', numeric: true, hint: 'That they owned, or ran in the 90 days before they left' },
  { title: 'Undecided', numeric: true },
  { title: 'Certificate' },
];

/** Who left, and whether what they left behind is settled. */
export function LeaversPage() {
  const { open } = LeaversSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const leavers = useQuery(leaversQuery);
  const rows = leavers.data?.items ?? [];
  const unsettled = rows.filter(({ undecided }) => undecided > 0).length;
  const close = () => void navigate({ search: {}, replace: true });
  const actions = (
    <>
      <Button onClick={() => void navigate({ search: { open: 'import' } })}>Import a list</Button>
      <Button look="primary" onClick={() => void navigate({ search: { open: 'left' } })}>
        Somebody left
      </Button>
    </>
  );
  return (
    <Page
      title="Leavers"
      summary={
        leavers.data === undefined
          ? 'People who left, and the scripts they left behind'
          : rows.length === 0
            ? 'Nobody is known to have left'
            : `${formatCounted(rows.length, 'person', 'people')} left, ${unsettled} with scripts that nobody decided on`
      }
      actions={actions}
    >
      {leavers.isError ? <ProblemNotice error={leavers.error} onRetry={() => void leavers.refetch()} /> : null}
      {leavers.data === undefined ? (
        leavers.isError ? null : (
          <div className="panel">
            <Skeleton lines={6} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length === 0 ? (
            <EmptyState title="Nobody is known to have left">
              <p>
                Import a list of the personnel department, let the directory tell by SCIM, or say it by hand. Nothing is
                ever deleted here: scripts are handed over, frozen or retired.
              </p>
              {actions}
            </EmptyState>
          ) : (
            <Table label="People who left" columns={COLUMNS} linked>
              {rows.map(({ person, scripts, undecided, certificateAt }) => (
                <tr key={person.id}>
                  <td>
                    <Link to="/leavers/$personId" params={{ personId: person.id }} className="row-link cell-main">
                      {person.displayName}
                    </Link>
                    <span className="cell-sub">{person.userName}</span>
                  </td>
                  <td>{person.department ?? <span className="muted">not known</span>}</td>
                  <td>
                    <span className="above-row nowrap">
                      {person.leftAt === undefined ? 'not known' : <Ago iso={person.leftAt} />}
                    </span>
                  </td>
                  <NumberCell value={scripts} text={formatCount(scripts)} />
                  <NumberCell value={undecided} text={formatCount(undecided)} />
                  <td>
                    {certificateAt === undefined ? (
                      <span className="muted">none</span>
                    ) : (
                      <Badge tone="ok">
                        <Ago iso={certificateAt} />
                      </Badge>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </div>
      )}
      {open === 'import' ? <ImportDialog onClose={close} /> : null}
      {open === 'left' ? <LeftDialog onClose={close} /> : null}
    </Page>
  );
}
