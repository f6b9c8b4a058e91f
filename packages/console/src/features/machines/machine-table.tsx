import type { EndpointRow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { MachineTrust } from './machine-trust.tsx';

const COLUMNS = [
  { title: 'Machine' },
  { title: 'Department' },
  { title: 'State' },
  { title: 'Last seen' },
  { title: 'Running', numeric: true },
  { title: 'Runs, 24 h', numeric: true },
  { title: 'Scripts', numeric: true },
  { title: 'Python' },
  { title: 'Policies and trust' },
  { title: 'Waiting', numeric: true, hint: 'Batches in the spool of the agent, kept until the server has them' },
  {
    title: 'Lost',
    numeric: true,
    hint: 'Batches set aside, records that could not be read, and activities that probes could not keep',
  },
];

interface Props {
  readonly machines: readonly EndpointRow[];
  /** Opens the dialog for the department; absent for who may not change it. */
  readonly onDepartment: ((machine: EndpointRow) => void) | undefined;
}

/** Machines as a table; each row leads to the runs of its machine. */
export function MachineTable({ machines, onDepartment }: Props) {
  return (
    <Table label="Machines" columns={COLUMNS} linked>
      {machines.map((machine) => (
        <tr key={machine.id}>
          <td>
            <Link to="/runs" search={{ endpointId: machine.id }} className="row-link cell-main">
              {machine.hostName}
            </Link>
            <span className="cell-sub">
              {machine.osType} {machine.osVersion}, {machine.architecture}
            </span>
          </td>
          <td>
            <Department machine={machine} onChange={onDepartment} />
          </td>
          <td>
            {machine.reporting ? <Badge tone="ok">Reporting</Badge> : <Badge tone="warn">Silent</Badge>}
            <span className="cell-sub nowrap">agent {machine.agentVersion}</span>
          </td>
          <td>
            <span className="above-row">
              {machine.lastSeenAt === undefined ? (
                <span className="muted">never</span>
              ) : (
                <Ago iso={machine.lastSeenAt} />
              )}
            </span>
          </td>
          <td className={machine.running === 0 ? 'num zero' : 'num'}>
            {machine.running === 0 ? (
              '0'
            ) : (
              <Link to="/runs" search={{ endpointId: machine.id, status: 'running' }} className="above-row">
                {formatCount(machine.running)}
              </Link>
            )}
          </td>
          <td className={machine.runs24h === 0 ? 'num zero' : 'num'}>
            <Link to="/runs" search={{ endpointId: machine.id, since: '24h' }} className="above-row">
              {formatCount(machine.runs24h)}
            </Link>
          </td>
          <td className="num">
            <Link to="/scripts" search={{ endpointId: machine.id }} className="above-row">
              {formatCount(machine.scripts)}
            </Link>
          </td>
          <td>
            <Interpreters interpreters={machine.interpreters} />
          </td>
          <td>
            <MachineTrust trust={machine.trust} />
          </td>
          <Counters counters={machine.counters} />
        </tr>
      ))}
    </Table>
  );
}

function Department({
  machine,
  onChange,
}: {
  readonly machine: EndpointRow;
  readonly onChange: Props['onDepartment'];
}) {
  const { department, hostName } = machine;
  if (onChange === undefined) return department ?? <span className="muted">none</span>;
  const label =
    department === undefined
      ? `Set the department of ${hostName}`
      : `${department}: change the department of ${hostName}`;
  return (
    <span className="above-row">
      <Button look="quiet" onClick={() => onChange(machine)} aria-label={label}>
        {department ?? 'Set …'}
      </Button>
    </span>
  );
}

function Interpreters({ interpreters }: { readonly interpreters: EndpointRow['interpreters'] }) {
  if (interpreters.length === 0) return <span className="muted">none seen</span>;
  const versions = [...new Set(interpreters.map(({ version }) => version))];
  const words = interpreters
    .map(({ path, version, runs }) => `${version}  ${path}  ${formatCounted(runs, 'run')}`)
    .join('\n');
  return (
    <span className="above-row nowrap" title={words}>
      {versions.slice(0, 3).join(', ')}
      {versions.length > 3 ? <span className="muted"> +{versions.length - 3}</span> : null}
      {interpreters.length > versions.length ? <span className="muted"> in {interpreters.length} places</span> : null}
    </span>
  );
}

function Counters({ counters }: { readonly counters: EndpointRow['counters'] }) {
  if (counters === undefined) {
    return (
      <td colSpan={2} className="muted">
        not told yet
      </td>
    );
  }
  const { batchesQuarantined, recordsMalformed, activitiesDropped } = counters;
  const lost = batchesQuarantined + recordsMalformed + activitiesDropped;
  const words = `${formatCounted(batchesQuarantined, 'batch', 'batches')} set aside\n${formatCounted(recordsMalformed, 'record')} unreadable\n${formatCounted(activitiesDropped, 'activity', 'activities')} dropped`;
  return (
    <>
      <td className={counters.spoolBatches === 0 ? 'num zero' : 'num'} title={formatBytes(counters.spoolBytes)}>
        {formatCount(counters.spoolBatches)}
      </td>
      <td className={lost === 0 ? 'num zero' : 'num'} title={words}>
        {formatCount(lost)}
      </td>
    </>
  );
}
