import type { Account } from '@sentinel/protocol';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SearchFilter } from '../../ui/filter-bar.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { peopleQuery } from './list-people.ts';
import { PersonDialog } from './person-dialog.tsx';
import type { SettingsSearch } from './settings-search.ts';

interface Props {
  readonly search: SettingsSearch;
  readonly onChange: (patch: { [Name in keyof SettingsSearch]?: SettingsSearch[Name] | undefined }) => void;
}

const COLUMNS = [
  { title: 'Name' },
  { title: 'Roles' },
  { title: 'Sees' },
  { title: 'Signs in by' },
  { title: 'Sessions', numeric: true },
  { title: 'Last seen' },
  { title: 'State' },
];
const NEW = 'new';

/** Who may do what here. */
export function PeopleSettings({ search, onChange }: Props) {
  const queryClient = useQueryClient();
  const people = useInfiniteQuery(peopleQuery(search.q));
  const rows = people.data?.pages.flatMap(({ items }) => items) ?? [];
  const opened = rows.find(({ id }) => id === search.open);
  const close = () => onChange({ open: undefined });
  const done = () => queryClient.invalidateQueries({ queryKey: ['people'] });
  return (
    <>
      <search className="filter-bar__row" aria-label="Filters">
        <SearchFilter label="Name" placeholder="Name" value={search.q} onChange={(q) => onChange({ q })} />
        <Button look="primary" onClick={() => onChange({ open: NEW })}>
          <PlusIcon size={13} />
          Add a person
        </Button>
      </search>
      {people.isError ? <ProblemNotice error={people.error} onRetry={() => void people.refetch()} /> : null}
      {people.data === undefined ? (
        people.isError ? null : (
          <div className="panel">
            <Skeleton lines={6} />
          </div>
        )
      ) : (
        <div className="panel">
          {rows.length === 0 ? (
            <EmptyState title="Nobody has this in their name">
              <Button onClick={() => onChange({ q: undefined })}>Clear the search</Button>
            </EmptyState>
          ) : (
            <Table label="People" columns={COLUMNS}>
              {rows.map((account) => (
                <Row key={account.id} account={account} onOpen={() => onChange({ open: account.id })} />
              ))}
            </Table>
          )}
          <ListFoot
            noun="accounts"
            shown={rows.length}
            total={people.data.pages.at(-1)?.total ?? rows.length}
            updatedAtMs={people.dataUpdatedAt}
            hasMore={people.hasNextPage}
            isLoadingMore={people.isFetchingNextPage}
            onMore={() => void people.fetchNextPage()}
          />
        </div>
      )}
      {search.open === NEW ? <PersonDialog onClose={close} onDone={done} /> : null}
      {opened === undefined ? null : <PersonDialog key={opened.id} account={opened} onClose={close} onDone={done} />}
    </>
  );
}

function Row({ account, onOpen }: { readonly account: Account; readonly onOpen: () => void }) {
  return (
    <tr>
      <td>
        <Button look="quiet" onClick={onOpen} aria-label={`Change ${account.userName}`}>
          {account.userName}
        </Button>
        {account.displayName === undefined ? null : <span className="cell-sub">{account.displayName}</span>}
      </td>
      <td>{account.roles.join(', ')}</td>
      <td>{reachText(account)}</td>
      <td>{proofText(account)}</td>
      <td className={account.sessions === 0 ? 'num zero' : 'num'}>{account.sessions}</td>
      <td>
        {account.lastSeenAt === undefined ? (
          <span className="muted">not signed in</span>
        ) : (
          <Ago iso={account.lastSeenAt} />
        )}
      </td>
      <td>
        {account.isBreakGlass ? <Badge tone="bad">Emergency</Badge> : null}
        {account.isActive ? <Badge tone="ok">Active</Badge> : <Badge tone="neutral">Not active</Badge>}
      </td>
    </tr>
  );
}

function reachText({ roles, departments, osUsers }: Account): string {
  const parts = [
    ...(roles.includes('department-owner') || (roles.includes('service') && departments.length > 0)
      ? [departments.length === 0 ? 'no department yet' : departments.join(', ')]
      : []),
    ...(roles.includes('user') ? [osUsers.length === 0 ? 'no own runs yet' : `own runs as ${osUsers.join(', ')}`] : []),
  ];
  const isWide = roles.some((role) => role !== 'department-owner' && role !== 'user' && role !== 'service');
  return isWide || parts.length === 0 ? 'everything' : parts.join('; ');
}

function proofText({ kind, source, hasPassword, hasTotp, passkeys }: Account): string {
  if (kind === 'service') return 'API tokens';
  const parts = [
    ...(passkeys > 0 ? ['passkey'] : []),
    ...(hasPassword ? [hasTotp ? 'password and code' : 'password'] : []),
    ...(source === 'local' ? [] : ['company sign-in']),
  ];
  return parts.length === 0 ? 'link only' : parts.join(', ');
}
