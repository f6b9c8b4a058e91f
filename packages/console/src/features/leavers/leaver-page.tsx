import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import { leaverQuery } from './get-leaver.ts';
import { issueCertificate } from './issue-certificate.ts';
import { LeaverScripts } from './leaver-scripts.tsx';
import { LeaverSearch } from './leaver-search.ts';
import { markRotated } from './mark-rotated.ts';

const route = getRouteApi('/shell/leavers/$personId');

/** All that hangs on one person, and what is done about it. */
export function LeaverPage() {
  const { personId } = route.useParams();
  const query = useQuery(leaverQuery(personId));
  const queries = useQueryClient();
  const { decide } = LeaverSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const rotate = useMutation({
    mutationFn: markRotated,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['leaver', personId] }),
  });
  const certify = useMutation({
    mutationFn: issueCertificate,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['leavers'] }),
  });
  const report = query.data;
  if (report === undefined) {
    return (
      <Page title="Person">
        {query.isError ? (
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div className="panel">
            <Skeleton lines={10} />
          </div>
        )}
      </Page>
    );
  }
  const { person, scripts, schedules, secrets, reach } = report;
  const deciding = scripts.find(({ scriptId }) => scriptId === decide);
  const alone = scripts.filter(({ isOnlyTheirs }) => isOnlyTheirs).length;
  return (
    <Page
      title={person.displayName}
      documentTitle={`${person.displayName}, leaver`}
      summary={
        <>
          {person.leftAt === undefined ? 'Works here' : `Left on ${person.leftAt.slice(0, 10)}`}.{' '}
          {report.undecided === 0
            ? 'Every script is decided on'
            : `${formatCounted(report.undecided, 'script')} undecided`}
          ,{' '}
          {report.notRotated === 0
            ? 'no credential to change'
            : `${formatCounted(report.notRotated, 'credential')} to change`}
          . Accounts: {person.accounts.join(', ')}. Since {report.since.slice(0, 10)}.
        </>
      }
      actions={
        <Button
          look="primary"
          disabled={person.status !== 'left' || report.undecided > 0 || certify.isPending}
          title={report.undecided > 0 ? 'Decide on every script first' : undefined}
          onClick={() => certify.mutate(personId)}
        >
          {certify.isPending ? 'Issuing …' : 'Issue the certificate'}
        </Button>
      }
    >
      {certify.isError ? <ProblemNotice error={certify.error} /> : null}
      {certify.data === undefined ? null : (
        <output className="notice">
          Certificate of <Time iso={certify.data.certificate.issuedAt} />:{' '}
          <a download={`${person.userName}.pdf`} href={`data:application/pdf;base64,${certify.data.pdf}`}>
            PDF
          </a>
          ,{' '}
          <a
            download={`${person.userName}.json`}
            href={`data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(certify.data.certificate, null, 2))}`}
          >
            JSON
          </a>
        </output>
      )}
      <Panel title="Scripts" note={`${formatCounted(scripts.length, 'script')}, ${alone} that nobody else ran`}>
        {scripts.length === 0 ? (
          <p className="panel__body muted">They neither own a script nor ran one in those days.</p>
        ) : (
          <LeaverScripts
            scripts={scripts}
            onDecide={({ scriptId }) => void navigate({ search: { decide: scriptId } })}
          />
        )}
      </Panel>
      <div className="columns">
        <Panel title="Schedules still there" note={formatCounted(schedules.length, 'schedule')}>
          {schedules.length === 0 ? (
            <p className="panel__body muted">Nothing is known to start their scripts, or to run under their account.</p>
          ) : (
            <Table label="Schedules" columns={[{ title: 'Machine' }, { title: 'When' }, { title: 'Starts' }]}>
              {schedules.map((one) => (
                <tr key={`${one.hostName} ${one.source} ${one.when} ${one.script}`}>
                  <td>
                    {one.hostName}
                    <span className="cell-sub">{one.source}</span>
                  </td>
                  <td className="mono nowrap">{one.when}</td>
                  <td className="mono cell-path">{one.script}</td>
                </tr>
              ))}
            </Table>
          )}
        </Panel>
        <Panel title="Credentials they knew" note={`${report.notRotated} of ${secrets.length} to change`}>
          {rotate.isError ? <ProblemNotice error={rotate.error} /> : null}
          {secrets.length === 0 ? (
            <p className="panel__body muted">None was found in their scripts or seen in use.</p>
          ) : (
            <Table label="Credentials" columns={[{ title: 'Credential' }, { title: 'State' }]}>
              {secrets.map((one) => (
                <tr key={one.subject}>
                  <td>
                    {one.title}
                    <span className="cell-sub">
                      {one.kind === 'credential' ? one.scripts.join(', ') : 'database account'}
                    </span>
                  </td>
                  <td>
                    {one.rotatedAt === undefined ? (
                      <Button
                        disabled={rotate.isPending}
                        aria-label={`It was changed: ${one.title}`}
                        onClick={() => rotate.mutate({ personId, subject: one.subject })}
                      >
                        It was changed
                      </Button>
                    ) : (
                      <Badge tone="ok">
                        changed <Ago iso={one.rotatedAt} />
                      </Badge>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </Panel>
      </div>
      <Panel
        title="Data reached"
        note={
          reach.length < report.reachTotal
            ? `${formatCount(reach.length)} of ${formatCount(report.reachTotal)}`
            : formatCounted(reach.length, 'place')
        }
      >
        {reach.length === 0 ? (
          <p className="panel__body muted">Their scripts were not seen to touch any data.</p>
        ) : (
          <Table
            label="Data reached"
            columns={[
              { title: 'Place' },
              { title: 'How' },
              { title: 'Runs', numeric: true },
              { title: 'Rows', numeric: true },
              { title: 'Bytes', numeric: true },
              { title: 'Last' },
            ]}
          >
            {reach.map((one) => (
              <tr key={`${one.type} ${one.target} ${one.detail} ${one.database}`}>
                <td className="mono cell-path">
                  {one.target === '' ? one.database : one.target}
                  {one.database === '' || one.target === '' ? null : <span className="cell-sub">{one.database}</span>}
                </td>
                <td>
                  {one.type} {one.detail}
                </td>
                <td className="num">{formatCount(one.runs)}</td>
                <td className="num">{one.rows === 0 ? '' : formatCount(one.rows)}</td>
                <td className="num">{one.bytes === 0 ? '' : formatBytes(one.bytes)}</td>
                <td className="nowrap">
                  <Ago iso={one.lastSeenAt} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      {deciding === undefined ? null : (
        <DecideDialog
          personId={personId}
          script={deciding}
          onClose={() => void navigate({ search: {}, replace: true })}
        />
      )}
    </Page>
  );
}
