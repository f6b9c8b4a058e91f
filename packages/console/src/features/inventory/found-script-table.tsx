import type { InventoryScript } from '@sentinel/protocol';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

const COLUMNS = [
  { title: 'Script' },
  { title: 'Risk' },
  { title: 'What counts most' },
  { title: 'Owner' },
  { title: 'Place' },
  { title: 'Changed' },
];
const TONES: Readonly<Record<NonNullable<InventoryScript['band']>, Tone>> = {
  critical: 'bad',
  high: 'bad',
  elevated: 'warn',
  guarded: 'neutral',
  low: 'ok',
};

/** Scripts that a scan found, whether or not they ever ran under a probe. */
export function FoundScriptTable({ scripts }: { readonly scripts: readonly InventoryScript[] }) {
  return (
    <Table label="Scripts that were found" columns={COLUMNS}>
      {scripts.map(({ path, role, band, score, reason, owner, place, modifiedAt }) => (
        <tr key={path}>
          <td>
            <span className="cell-main">{path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)}</span>
            <span className="cell-sub" title={path}>
              {path}
            </span>
          </td>
          <td className="nowrap">
            {band === undefined || score === undefined ? (
              <span className="muted">not analysed</span>
            ) : (
              <Badge tone={TONES[band]}>
                {score}, {band}
              </Badge>
            )}
          </td>
          <td>{reason ?? <span className="muted">nothing</span>}</td>
          <td>{owner ?? <span className="muted">not known</span>}</td>
          <td>
            {place}
            <span className="cell-sub">{role}</span>
          </td>
          <td>
            <Ago iso={modifiedAt} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
