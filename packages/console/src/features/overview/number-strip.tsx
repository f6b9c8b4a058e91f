import type { getOverview } from '@sentinel/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { formatCount } from '../../ui/format-count.ts';

type Overview = z.infer<(typeof getOverview)['response']>;

/** The first numbers; each leads to the list that it counts. */
export function NumberStrip({ overview }: { readonly overview: Overview }) {
  const { endpoints } = overview;
  return (
    <section className="numbers panel" aria-label="In numbers">
      <Cell label="Running now">
        <Link to="/runs" search={{ status: 'running' }}>
          {formatCount(overview.runsNow)}
        </Link>
      </Cell>
      <Cell label="Runs in 24 h">
        <Link to="/runs" search={{ since: '24h' }}>
          {formatCount(overview.runs24h)}
        </Link>
      </Cell>
      <Cell label="Failures in 24 h" isBad={overview.failures24h > 0}>
        <Link to="/runs" search={{ since: '24h', outcome: 'failed' }}>
          {formatCount(overview.failures24h)}
        </Link>
      </Cell>
      <Cell
        label="Scripts in 30 days"
        note={
          <Link to="/scripts" search={{ newSince: '7d' }}>
            {formatCount(overview.scriptsNew7d)} new in 7 days
          </Link>
        }
      >
        <Link to="/scripts">{formatCount(overview.scripts)}</Link>
      </Cell>
      <Cell label="People in 30 days" note={<span>accounts that ran one</span>}>
        <Link to="/runs">{formatCount(overview.users)}</Link>
      </Cell>
      <Cell
        label="Machines reporting"
        note={<span>of {formatCount(endpoints.known)} known</span>}
        isBad={endpoints.reporting < endpoints.known}
      >
        <Link to="/machines">{formatCount(endpoints.reporting)}</Link>
      </Cell>
    </section>
  );
}

interface CellProps {
  readonly label: string;
  readonly note?: ReactNode;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Cell({ label, note, isBad = false, children }: CellProps) {
  return (
    <div className={isBad ? 'number number--bad' : 'number'}>
      <div className="number__label">{label}</div>
      <div className="number__value">{children}</div>
      {note === undefined ? null : <div className="number__note">{note}</div>}
    </div>
  );
}
