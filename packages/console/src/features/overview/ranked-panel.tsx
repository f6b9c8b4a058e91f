import { Link } from '@tanstack/react-router';
import type { RunSearch } from '../../api/run-search.ts';
import { formatCount } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';

interface Ranked {
  readonly name: string;
  readonly runs: number;
  readonly scripts: number;
  readonly bytesOut: number;
}

interface Measure {
  readonly title: string;
  readonly of: (item: Ranked) => number;
  readonly format: (value: number) => string;
}

interface Props {
  readonly title: string;
  readonly note: string;
  readonly noun: string;
  readonly items: readonly Ranked[];
  /** What the bars and the last column show; runs without it. */
  readonly measure?: Measure;
  /** Filter of the runs behind an item. */
  readonly search: (name: string) => RunSearch;
  readonly empty: string;
}

/** The most used of a kind. */
export function RankedPanel({ title, note, noun, items, measure, search, empty }: Props) {
  const sizeOf = measure?.of ?? ((item: Ranked) => item.runs);
  const largest = Math.max(1, ...items.map(sizeOf));
  const columns = [
    { title: noun },
    { title: 'Scripts', numeric: true },
    { title: 'Runs', numeric: true },
    ...(measure === undefined ? [] : [{ title: measure.title, numeric: true }]),
  ];
  return (
    <Panel title={title} note={note}>
      {items.length === 0 ? (
        <div className="panel__body muted">{empty}</div>
      ) : (
        <Table label={`${title}, ${note}`} columns={columns} linked>
          {items.map((item) => (
            <tr key={item.name}>
              <td className="ranked__name">
                <Link to="/runs" search={search(item.name)} className="row-link cell-main" title={item.name}>
                  {shortName(item.name)}
                </Link>
                <svg className="ranked__bar" width="100%" height="3" aria-hidden="true">
                  <rect width={`${(sizeOf(item) / largest) * 100}%`} height="3" rx="1.5" />
                </svg>
              </td>
              <td className="num">{formatCount(item.scripts)}</td>
              <td className="num">{formatCount(item.runs)}</td>
              {measure === undefined ? null : <td className="num">{measure.format(measure.of(item))}</td>}
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

/** The end of a path says more than its beginning; other names stay as they are. */
function shortName(name: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part !== '');
  return /^(?:[/\\]|[A-Za-z]:[/\\])/.test(name) && parts.length > 1 ? `…/${parts.at(-1)}` : name;
}
