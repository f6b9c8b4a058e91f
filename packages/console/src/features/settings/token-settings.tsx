import type { ApiToken } from '@sentinel/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { tokensQuery } from './list-tokens.ts';
import type { SettingsSearch } from './settings-search.ts';
import { TokenDialog } from './token-dialog.tsx';

interface Props {
  readonly search: SettingsSearch;
  readonly onChange: (patch: { [Name in keyof SettingsSearch]?: SettingsSearch[Name] | undefined }) => void;
}

const COLUMNS = [
  { title: 'Name' },
  { title: 'Acts as' },
  { title: 'May' },
  { title: 'Sees' },
  { title: 'Last used' },
  { title: 'Ends' },
  { title: 'State' },
];
const NEW = 'new';

/** Tokens with which programs use the API. */
export function TokenSettings({ search, onChange }: Props) {
  const queryClient = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const done = () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (tokenId: string) => client.revokeToken({ params: { tokenId } }),
    onSuccess: done,
  });
  const rows = tokens.data?.items ?? [];
  return (
    <>
      <div className="filter-bar__row">
        <Button look="primary" onClick={() => onChange({ open: NEW })}>
          <PlusIcon size={13} />
          Make a token
        </Button>
      </div>
      {tokens.isError ? <ProblemNotice error={tokens.error} onRetry={() => void tokens.refetch()} /> : null}
      {revoke.isError ? <ProblemNotice error={revoke.error} /> : null}
      <div className="panel">
        {tokens.data === undefined ? (
          <Skeleton lines={4} />
        ) : rows.length === 0 ? (
          <EmptyState title="There is no token yet">
            <p>
              The command line and other programs sign in with one. It can do at most what you can, ends by itself, and
              begins with <code>sntl_</code> so that secret scanners find it.
            </p>
          </EmptyState>
        ) : (
          <Table label="API tokens" columns={COLUMNS}>
            {rows.map((token) => (
              <Row key={token.id} token={token} isBusy={revoke.isPending} onRevoke={() => revoke.mutate(token.id)} />
            ))}
          </Table>
        )}
      </div>
      {search.open === NEW ? <TokenDialog onClose={() => onChange({ open: undefined })} onDone={done} /> : null}
    </>
  );
}

function Row({
  token,
  isBusy,
  onRevoke,
}: {
  readonly token: ApiToken;
  readonly isBusy: boolean;
  readonly onRevoke: () => void;
}) {
  const nowMs = useNow();
  const isOver = Date.parse(token.expiresAt) <= nowMs;
  return (
    <tr>
      <td>
        {token.name}
        <span className="cell-sub">made by {token.createdBy}</span>
      </td>
      <td>
        {token.userName}
        <span className="cell-sub">{token.kind === 'service' ? 'service' : 'person'}</span>
      </td>
      <td>{token.permissions.join(', ')}</td>
      <td>{token.departments.length === 0 ? 'as the account' : token.departments.join(', ')}</td>
      <td>
        {token.lastUsedAt === undefined ? <span className="muted">never</span> : <Ago iso={token.lastUsedAt} />}
        <span className="cell-sub">{token.lastAddress}</span>
      </td>
      <td>
        <Time iso={token.expiresAt} />
      </td>
      <td>
        {token.revokedAt !== undefined ? (
          <Badge tone="neutral">Revoked</Badge>
        ) : isOver ? (
          <Badge tone="neutral">Over</Badge>
        ) : (
          <Button onClick={onRevoke} disabled={isBusy} aria-label={`Revoke the token ${token.name}`}>
            Revoke
          </Button>
        )}
      </td>
    </tr>
  );
}
