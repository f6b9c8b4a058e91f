import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RiskPanel } from '../../ui/risk-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Time } from '../../ui/time.tsx';
import { DecideFamilyDialog } from './decide-family-dialog.tsx';
import { familyQuery } from './list-families.ts';
import { SanctionBadge } from './sanction-badge.tsx';

const route = getRouteApi('/shell/families/$familyId');

/** One script with its versions and copies, who answers for it, and how risky it is. */
export function FamilyPage() {
  const { familyId } = route.useParams();
  const query = useQuery(familyQuery(familyId));
  const [isDeciding, setDeciding] = useState(false);
  const family = query.data;
  if (family === undefined) {
    return (
      <Page title="Script family">
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
  return (
    <Page
      title={family.name}
      documentTitle={`${family.name}, family`}
      summary={
        <>
          <SanctionBadge sanction={family.sanction} isStated={family.isSanctionStated} />{' '}
          {formatCounted(family.versions, 'version')} at {formatCounted(family.copies, 'place')}, last run{' '}
          <Ago iso={family.lastSeenAt} />. As of <Time iso={new Date(query.dataUpdatedAt).toISOString()} />.
        </>
      }
      actions={
        <>
          <Link to="/findings" search={{ familyId, state: 'all' }} className="button">
            Findings
          </Link>
          <Link to="/data" search={{ familyId }} className="button">
            Data
          </Link>
          <Button look="primary" onClick={() => setDeciding(true)}>
            Decide …
          </Button>
        </>
      }
    >
      <Panel title="Who answers for it">
        <dl className="facts panel__body">
          <div>
            <dt>Owner, confirmed by a person</dt>
            <dd>{family.owner ?? 'nobody known'}</dd>
          </div>
          <div>
            <dt>Author, first seen writer</dt>
            <dd>{family.author ?? 'not known'}</dd>
          </div>
          <div>
            <dt>Custodian, department</dt>
            <dd>{family.departmentId ?? 'none'}</dd>
          </div>
          <div>
            <dt>First seen</dt>
            <dd>
              <Time iso={family.firstSeenAt} />
            </dd>
          </div>
        </dl>
      </Panel>
      <RiskPanel kind="script" subject={familyId} />
      <Panel title="Versions" note="the same syntax with other values, or another syntax at the same place">
        <Table
          label="Versions"
          columns={[
            { title: 'Content' },
            { title: 'Risk of the source', numeric: true },
            { title: 'Credentials', numeric: true },
            { title: 'Can do' },
            { title: 'First seen' },
            { title: 'Last seen' },
          ]}
          linked
        >
          {family.versionList.map((version) => (
            <tr key={version.scriptId}>
              <td>
                <Link to="/scripts/$scriptId" params={{ scriptId: version.scriptId }} className="row-link">
                  {(version.sha256 ?? version.scriptId).slice(0, 16)}
                </Link>
              </td>
              <td className="num">{version.riskScore ?? <span className="muted">not analysed</span>}</td>
              <td className="num">{version.secrets ?? <span className="muted">not analysed</span>}</td>
              <td className="cell-text">
                {version.capabilities?.join(', ') ?? <span className="muted">not analysed</span>}
              </td>
              <td>
                <Time iso={version.firstSeenAt} />
              </td>
              <td>
                <Ago iso={version.lastSeenAt} />
              </td>
            </tr>
          ))}
        </Table>
      </Panel>
      <Panel title="Copies" note={`on ${formatCounted(family.endpoints, 'machine')}`}>
        <Table
          label="Copies"
          columns={[{ title: 'Place' }, { title: 'Machine' }, { title: 'Person' }, { title: 'Last run' }]}
        >
          {family.copyList.map((copy) => (
            <tr key={`${copy.scriptId} ${copy.endpointId} ${copy.path ?? ''} ${copy.userName}`}>
              <td className="cell-path">{copy.path ?? 'code without a file'}</td>
              <td>{copy.hostName}</td>
              <td>{copy.userName}</td>
              <td>
                <Ago iso={copy.lastSeenAt} />
              </td>
            </tr>
          ))}
        </Table>
      </Panel>
      {family.foundList.length === 0 ? null : (
        <Panel title="Copies that nobody was seen to run" note="found by scans">
          <Table
            label="Copies that nobody was seen to run"
            columns={[{ title: 'Place' }, { title: 'Machine' }, { title: 'Owner of the file' }, { title: 'Changed' }]}
          >
            {family.foundList.map((copy) => (
              <tr key={`${copy.inventoryId} ${copy.path}`}>
                <td className="cell-path">{copy.path}</td>
                <td>
                  <Link to="/inventories/$inventoryId" params={{ inventoryId: copy.inventoryId }}>
                    {copy.hostName}
                  </Link>
                </td>
                <td>{copy.owner ?? <span className="muted">not known</span>}</td>
                <td>
                  <Time iso={copy.modifiedAt} />
                </td>
              </tr>
            ))}
          </Table>
        </Panel>
      )}
      <Panel title="Decisions">
        {family.history.length === 0 ? (
          <p className="panel__body muted">Nobody decided anything about it yet.</p>
        ) : (
          <ul className="panel__body stack">
            {family.history.map((event) => (
              <li key={`${event.at} ${event.who}`}>
                <Time iso={event.at} /> {event.who}: {wordsOf(event.change)}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {isDeciding ? <DecideFamilyDialog family={family} onClose={() => setDeciding(false)} /> : null}
    </Page>
  );
}

function wordsOf(change: Readonly<Record<string, unknown>>): string {
  const after = (change['after'] ?? {}) as Record<string, unknown>;
  return Object.entries(after)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : 'taken back'}`)
    .join('; ');
}
