import { RetentionClass } from '@sentinel/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { PlusIcon } from '../../ui/icons.tsx';
import { ListFoot } from '../../ui/list-foot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { NumberCell, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { HoldDialog } from './hold-dialog.tsx';
import { disposalsQuery, holdsQuery, retentionQuery } from './list-retention.ts';
import { RetentionDialog } from './retention-dialog.tsx';
import type { SettingsSearch } from './settings-search.ts';

interface Props {
  readonly search: SettingsSearch;
  readonly onChange: (patch: { [Name in keyof SettingsSearch]?: SettingsSearch[Name] | undefined }) => void;
}

/** What a class holds, for people. */
const WORDS: Readonly<Record<RetentionClass, string>> = {
  activities: 'What runs did',
  runs: 'Runs, and what they touched',
  rollups: 'History of scripts, notifications',
  findings: 'Findings',
  vault: 'Versions in the vault',
  audit: 'Audit records',
  quarantine: 'Records that could not be read',
};
const HOLD = 'hold';
const RELEASE = 'release:';

/** How long things are kept, what must stay, and what has gone, with proof. */
export function RetentionSettings({ search, onChange }: Props) {
  const retention = useQuery(retentionQuery);
  const holds = useQuery(holdsQuery);
  const close = () => onChange({ open: undefined });
  const opened = retention.data?.rules.find((rule) => rule.class === search.open);
  const releasing = holds.data?.items.find(({ id }) => `${RELEASE}${id}` === search.open);
  return (
    <>
      <Panel title="Kept for" note="only whole days go, and every act leaves a proof">
        {retention.isError ? (
          <ProblemNotice error={retention.error} onRetry={() => void retention.refetch()} />
        ) : retention.data === undefined ? (
          <Skeleton lines={7} />
        ) : (
          <Table
            label="Kept for"
            columns={[{ title: 'What' }, { title: 'Kept for' }, { title: 'At least' }, { title: 'Set' }]}
          >
            {retention.data.rules.map((rule) => (
              <tr key={rule.class}>
                <td>
                  <Button
                    look="quiet"
                    onClick={() => onChange({ open: rule.class })}
                    aria-label={`Change how long is kept: ${WORDS[rule.class]}`}
                  >
                    {WORDS[rule.class]}
                  </Button>
                  <span className="cell-sub">{rule.class}</span>
                </td>
                <td>{rule.keepDays === null ? 'always' : `${formatCount(rule.keepDays)} days`}</td>
                <td>{formatCount(rule.shortestDays)} days</td>
                <td>
                  {rule.changedAt === undefined ? (
                    <span className="muted">as shipped</span>
                  ) : (
                    <>
                      <Time iso={rule.changedAt} />
                      <span className="cell-sub">by {rule.changedBy}</span>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <Panel title="Legal holds" note="what a hold names stays, whatever its age">
        <div className="panel__body">
          <Button onClick={() => onChange({ open: HOLD })}>
            <PlusIcon size={13} />
            Place a hold
          </Button>
        </div>
        {holds.isError ? <ProblemNotice error={holds.error} onRetry={() => void holds.refetch()} /> : null}
        {holds.data === undefined || holds.data.items.length === 0 ? (
          <p className="panel__body muted">No hold was ever placed.</p>
        ) : (
          <Table
            label="Legal holds"
            columns={[{ title: 'Name' }, { title: 'Keeps' }, { title: 'Placed' }, { title: 'State' }]}
          >
            {holds.data.items.map((hold) => (
              <tr key={hold.id}>
                <td>
                  {hold.name}
                  <span className="cell-sub">{hold.reason}</span>
                </td>
                <td>{keptText(hold)}</td>
                <td>
                  <Time iso={hold.createdAt} />
                  <span className="cell-sub">by {hold.createdBy}</span>
                </td>
                <td>
                  {hold.releasedAt === undefined ? (
                    <Button
                      onClick={() => onChange({ open: `${RELEASE}${hold.id}` })}
                      aria-label={`Release the hold ${hold.name}`}
                    >
                      Release
                    </Button>
                  ) : (
                    <Badge tone="neutral">Released</Badge>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <Disposals />
      {opened === undefined ? null : (
        <RetentionDialog key={opened.class} rule={opened} title={WORDS[opened.class]} onClose={close} />
      )}
      {search.open === HOLD ? <HoldDialog onClose={close} /> : null}
      {releasing === undefined ? null : (
        <ReasonDialog
          title={`Release the hold ${releasing.name}`}
          hint="What only this hold kept may go at the next disposal."
          verb="Release the hold"
          perform={(reason) => client.releaseLegalHold({ params: { holdId: releasing.id }, body: { reason } })}
          changes={['legal-holds']}
          onClose={close}
        />
      )}
    </>
  );
}

function Disposals() {
  const disposals = useInfiniteQuery(disposalsQuery);
  const rows = disposals.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel title="What has gone" note="each proof is bound to the one before by its hash">
      {disposals.isError ? <ProblemNotice error={disposals.error} onRetry={() => void disposals.refetch()} /> : null}
      {disposals.data === undefined || rows.length === 0 ? (
        <p className="panel__body muted">Nothing was disposed of yet.</p>
      ) : (
        <>
          <Table
            label="What has gone"
            columns={[
              { title: 'When' },
              { title: 'What' },
              { title: 'Before' },
              { title: 'Gone', numeric: true },
              { title: 'Held', numeric: true },
              { title: 'Proof', hint: 'SHA-256 of the proof, and of the one before it' },
            ]}
          >
            {rows.map((disposal) => (
              <tr key={disposal.id}>
                <td>
                  <Time iso={disposal.endedAt} />
                </td>
                <td>{WORDS[RetentionClass.parse(disposal.class)]}</td>
                <td>{disposal.before.slice(0, 10)}</td>
                <NumberCell value={disposal.removed} text={formatCount(disposal.removed)} />
                <NumberCell value={disposal.held} text={formatCount(disposal.held)} />
                <td>
                  <code title={disposal.hash}>{disposal.hash.slice(0, 12)}</code>
                  <span className="cell-sub" title={disposal.previous}>
                    after {disposal.previous.slice(0, 12)}
                  </span>
                </td>
              </tr>
            ))}
          </Table>
          <ListFoot
            noun="proofs"
            shown={rows.length}
            total={disposals.data.pages.at(-1)?.total ?? rows.length}
            updatedAtMs={disposals.dataUpdatedAt}
            hasMore={disposals.hasNextPage}
            isLoadingMore={disposals.isFetchingNextPage}
            onMore={() => void disposals.fetchNextPage()}
          />
        </>
      )}
    </Panel>
  );
}

function keptText({
  userName,
  scriptId,
  endpointId,
  from,
  to,
}: {
  readonly userName?: string | undefined;
  readonly scriptId?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): string {
  return [
    ...(userName === undefined ? [] : [`account ${userName}`]),
    ...(scriptId === undefined ? [] : [`script ${scriptId}`]),
    ...(endpointId === undefined ? [] : [`computer ${endpointId}`]),
    ...(from === undefined ? [] : [`from ${from.slice(0, 10)}`]),
    ...(to === undefined ? [] : [`to ${to.slice(0, 10)}`]),
  ].join(', ');
}
