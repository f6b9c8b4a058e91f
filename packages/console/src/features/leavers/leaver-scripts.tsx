import type { LeaverScript } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

const MEASURE_WORDS = { 'hand-over': 'handed over', freeze: 'frozen', retire: 'retired' } as const;
const COLUMNS = [
  { title: 'Script' },
  { title: 'Runs', numeric: true, hint: 'Theirs, of all' },
  { title: 'Last run' },
  { title: 'Who else' },
  { title: 'Vault' },
  { title: 'Decision' },
];

interface Props {
  readonly scripts: readonly LeaverScript[];
  readonly onDecide: (script: LeaverScript) => void;
}

/** Scripts of a person, those that nobody else knows first. */
export function LeaverScripts({ scripts, onDecide }: Props) {
  return (
    <Table label="Scripts" columns={COLUMNS}>
      {scripts.map((script) => (
        <tr key={script.scriptId}>
          <td>
            <Link to="/scripts/$scriptId" params={{ scriptId: script.scriptId }} className="cell-main">
              {script.name}
            </Link>
            <span className="cell-sub" title={script.path}>
              {script.isOwner ? 'owner; ' : ''}
              {script.path ?? 'not from a file'}
            </span>
          </td>
          <td className="num">
            {formatCount(script.runsByPerson)} of {formatCount(script.runs)}
          </td>
          <td>
            <span className="nowrap">
              <Ago iso={script.lastRunAt} />
            </span>
          </td>
          <td>
            {script.isOnlyTheirs ? <Badge tone="warn">nobody else</Badge> : script.otherUsers.join(', ')}
            {script.schedules.length === 0 ? null : <span className="cell-sub">started by the clock</span>}
          </td>
          <td>
            {script.isInVault ? (
              <Link to="/vault" search={{ scriptId: script.scriptId }}>
                kept
              </Link>
            ) : (
              <span className="muted">no copy</span>
            )}
          </td>
          <td>
            {script.decision === undefined ? null : (
              <span className="cell-text">
                {MEASURE_WORDS[script.decision.measure]}
                {script.decision.custodian === undefined ? '' : ` to ${script.decision.custodian}`}{' '}
              </span>
            )}
            <Button
              look={script.decision === undefined ? 'plain' : 'quiet'}
              onClick={() => onDecide(script)}
              aria-label={`${script.decision === undefined ? 'Decide on' : 'Change the decision on'} ${script.name}`}
            >
              {script.decision === undefined ? 'Decide' : 'Change'}
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}
