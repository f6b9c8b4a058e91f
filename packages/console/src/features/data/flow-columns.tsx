import type { DataFlow } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCounted } from '../../ui/format-count.ts';
import { Labels } from '../../ui/labels.tsx';

/** Rows in sight before the rest is asked for. */
const SHOWN = 12;

interface Item {
  readonly key: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly weight: number;
  readonly note: string;
  /** Scripts that it belongs to. */
  readonly families: ReadonlySet<string>;
}

/** Scripts, the data they touched, and where it went. What is chosen lights up its ways. */
export function FlowColumns({ flows }: { readonly flows: readonly DataFlow[] }) {
  const [chosen, setChosen] = useState<Item>();
  const sources = itemsOf(flows.filter(({ direction }) => direction === 'read'));
  const sinks = itemsOf(flows.filter(({ direction }) => direction !== 'read'));
  const scripts = scriptsOf(flows);
  const isLit = (item: Item) =>
    chosen === undefined || [...item.families].some((familyId) => chosen.families.has(familyId));
  const choose = (item: Item) => setChosen(chosen?.key === item.key ? undefined : item);
  return (
    <div className="flow">
      {[
        { title: 'Scripts', items: scripts, empty: 'No script touched data.' },
        { title: 'Data', items: sources, empty: 'No source of data was seen.' },
        { title: 'Destinations', items: sinks, empty: 'Nothing was written or sent.' },
      ].map(({ title, items, empty }) => (
        <FlowColumn
          key={title}
          title={title}
          items={items}
          empty={empty}
          isLit={isLit}
          chosenKey={chosen?.key}
          onChoose={choose}
        />
      ))}
    </div>
  );
}

function FlowColumn({
  title,
  items,
  empty,
  isLit,
  chosenKey,
  onChoose,
}: {
  readonly title: string;
  readonly items: readonly Item[];
  readonly empty: string;
  readonly isLit: (item: Item) => boolean;
  readonly chosenKey: string | undefined;
  readonly onChoose: (item: Item) => void;
}) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? items : items.slice(0, SHOWN);
  const most = Math.max(1, ...items.map(({ weight }) => weight));
  return (
    <section aria-label={title} className="flow__column">
      <h3>{title}</h3>
      {items.length === 0 ? <p className="muted">{empty}</p> : null}
      <ul>
        {shown.map((item) => (
          <li key={item.key}>
            <button
              type="button"
              className={isLit(item) ? 'flow__item' : 'flow__item flow__item--dim'}
              aria-pressed={chosenKey === item.key}
              onClick={() => onChoose(item)}
            >
              <span className="flow__title">{item.title}</span>
              <span className="flow__note">
                {item.note} <Labels labels={item.labels} />
              </span>
              <span className="flow__bar" style={{ width: `${Math.max(2, (item.weight / most) * 100)}%` }} />
            </button>
          </li>
        ))}
      </ul>
      {items.length > SHOWN ? (
        <Button look="quiet" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show ${items.length - SHOWN} more`}
        </Button>
      ) : null}
      {title === 'Scripts' && chosenKey !== undefined ? (
        <ChosenLink item={items.find(({ key }) => key === chosenKey)} />
      ) : null}
    </section>
  );
}

function ChosenLink({ item }: { readonly item: Item | undefined }) {
  const [familyId] = item?.families ?? [];
  if (item === undefined || familyId === undefined) return null;
  return (
    <Link to="/families/$familyId" params={{ familyId }}>
      Open {item.title}
    </Link>
  );
}

function itemsOf(flows: readonly DataFlow[]): Item[] {
  const groups = Map.groupBy(flows, ({ direction, kind, name }) => `${direction} ${kind} ${name}`);
  return [...groups]
    .map(([key, group]): Item => {
      const bytes = group.reduce((sum, flow) => sum + flow.bytes, 0);
      const rows = group.reduce((sum, flow) => sum + flow.rows, 0);
      const [first] = group;
      return {
        key,
        title: first?.name ?? '',
        labels: [...new Set(group.flatMap(({ labels }) => labels))].sort(),
        weight: Math.log2(2 + bytes + rows * 100),
        note: [WORDS[first?.kind ?? ''] ?? first?.kind, rows > 0 ? formatCounted(rows, 'row') : '', formatBytes(bytes)]
          .filter((part) => part !== '' && part !== undefined)
          .join(', '),
        families: new Set(group.map(({ familyId }) => familyId)),
      };
    })
    .sort((a, b) => b.weight - a.weight);
}

function scriptsOf(flows: readonly DataFlow[]): Item[] {
  return [...Map.groupBy(flows, ({ familyId }) => familyId)]
    .map(
      ([familyId, group]): Item => ({
        key: `script ${familyId}`,
        title: group[0]?.scriptName ?? familyId,
        labels: [...new Set(group.flatMap(({ labels }) => labels))].sort(),
        weight: Math.log2(2 + group.reduce((sum, { bytes, rows }) => sum + bytes + rows * 100, 0)),
        note: formatCounted(Math.max(...group.map(({ runs }) => runs)), 'run'),
        families: new Set([familyId]),
      }),
    )
    .sort((a, b) => b.weight - a.weight);
}

const WORDS: Readonly<Record<string, string>> = {
  file: 'files',
  database: 'database',
  http: 'web service',
  'personal-cloud': 'personal cloud',
  llm: 'language model',
  mail: 'mail',
  messaging: 'messenger',
  'unknown-host': 'unknown host',
};
