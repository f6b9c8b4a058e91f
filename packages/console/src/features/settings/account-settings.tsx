import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { canUsePasskeys, makePasskey } from '../../api/passkey.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { clientName } from '../../ui/client-name.ts';
import { formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { accountQuery } from './get-account.ts';
import { RemoveTotpDialog } from './remove-totp-dialog.tsx';
import { TotpDialog } from './totp-dialog.tsx';

const SESSION_COLUMNS = [
  { title: 'Signed in' },
  { title: 'How' },
  { title: 'From' },
  { title: 'Last seen' },
  { title: 'End' },
];
const PASSKEY_COLUMNS = [{ title: 'Name' }, { title: 'Made' }, { title: 'Last used' }, { title: 'End' }];

/** Passkeys, authenticator app and sessions of the signed-in account. */
export function AccountSettings() {
  const queryClient = useQueryClient();
  const account = useQuery(accountQuery);
  const [dialog, setDialog] = useState<'set-up' | 'remove'>();
  const refresh = () => queryClient.invalidateQueries({ queryKey: accountQuery.queryKey });
  const add = useMutation({
    mutationFn: async () => {
      const { token, options } = await client.startPasskey({ body: {} });
      const credential = await makePasskey(options);
      return client.addPasskey({ body: { token, name: deviceName(), credential } });
    },
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (passkeyId: string) => client.removePasskey({ params: { passkeyId } }),
    onSuccess: refresh,
  });
  const end = useMutation({
    mutationFn: (sessionId: string) => client.endOwnSession({ params: { sessionId } }),
    onSuccess: refresh,
  });
  if (account.isError) return <ProblemNotice error={account.error} onRetry={() => void account.refetch()} />;
  if (account.data === undefined)
    return (
      <div className="panel">
        <Skeleton lines={6} />
      </div>
    );
  const { passkeys, sessions, hasTotp, recoveryCodes } = account.data;
  return (
    <>
      <Panel title="Passkeys" note={passkeys.length === 0 ? 'none' : formatCounted(passkeys.length, 'passkey')}>
        {passkeys.length === 0 ? null : (
          <Table label="Passkeys" columns={PASSKEY_COLUMNS}>
            {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
              <tr key={id}>
                <td>{name}</td>
                <td>
                  <Time iso={createdAt} />
                </td>
                <td>{lastUsedAt === undefined ? <span className="muted">never</span> : <Ago iso={lastUsedAt} />}</td>
                <td>
                  <Button
                    onClick={() => remove.mutate(id)}
                    disabled={remove.isPending}
                    aria-label={`Remove the passkey ${name}`}
                  >
                    Remove
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
        )}
        <div className="settings-part">
          <p className="muted">
            A passkey signs in without a password, by fingerprint, face or PIN of your device. It works on this site
            only, so that no other site can ask for it.
          </p>
          {canUsePasskeys() ? (
            <Button look="primary" onClick={() => add.mutate()} disabled={add.isPending}>
              {add.isPending ? 'Waiting for the browser …' : 'Add a passkey'}
            </Button>
          ) : (
            <p className="notice notice--warn">
              Browsers make passkeys for names only. Open the console under a host name such as localhost.
            </p>
          )}
          {add.isError ? <ProblemNotice error={add.error} /> : null}
          {remove.isError ? <ProblemNotice error={remove.error} /> : null}
        </div>
      </Panel>
      <Panel title="Authenticator app" note={hasTotp ? 'on' : 'off'}>
        <div className="settings-part">
          <p className="muted">
            {hasTotp
              ? `A password alone does not sign in. ${formatCounted(recoveryCodes, 'recovery code')} left for the day the app is lost.`
              : 'With an app, whoever learns your password still needs the code that the app shows.'}
          </p>
          <Button look={hasTotp ? 'plain' : 'primary'} onClick={() => setDialog(hasTotp ? 'remove' : 'set-up')}>
            {hasTotp ? 'Take the app away …' : 'Set up an app …'}
          </Button>
        </div>
      </Panel>
      <Panel title="Sessions" note={formatCounted(sessions.length, 'session')}>
        <Table label="Sessions" columns={SESSION_COLUMNS}>
          {sessions.map(({ id, isCurrent, method, address, client: name, createdAt, lastSeenAt }) => (
            <tr key={id}>
              <td>
                <Time iso={createdAt} />
              </td>
              <td>{method}</td>
              <td>
                {address ?? 'unknown'}
                <span className="cell-sub" title={name}>
                  {name === undefined ? null : clientName(name)}
                </span>
              </td>
              <td>{lastSeenAt === undefined ? null : <Ago iso={lastSeenAt} />}</td>
              <td>
                {isCurrent ? (
                  <Badge tone="live">This one</Badge>
                ) : (
                  <Button
                    onClick={() => end.mutate(id)}
                    disabled={end.isPending}
                    aria-label={`End the session from ${address}`}
                  >
                    End
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </Table>
        {end.isError ? <ProblemNotice error={end.error} /> : null}
      </Panel>
      {dialog === 'set-up' ? <TotpDialog onClose={() => setDialog(undefined)} onDone={refresh} /> : null}
      {dialog === 'remove' ? <RemoveTotpDialog onClose={() => setDialog(undefined)} onDone={refresh} /> : null}
    </>
  );
}

/** A first name for a passkey: the system that it was made on. */
function deviceName(): string {
  const system = /Windows|Mac OS X|Android|iPhone|iPad|Linux/.exec(navigator.userAgent)?.[0] ?? 'Device';
  return `${system.replace('Mac OS X', 'Mac')}, ${new Date().toISOString().slice(0, 10)}`;
}
