import type { RunRow } from '@sentinel/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isSpan, resolveMoment } from '../../api/moment.ts';
import type { RunSearch } from '../../api/run-search.ts';
import { type StreamState, useRunStream } from '../../api/use-run-stream.ts';

/** Rows kept while rows come, and while they wait. */
const LIVE_ROWS = 100;
const PAUSED_ROWS = 1000;

interface Buffers {
  readonly shown: readonly RunRow[];
  readonly waiting: readonly RunRow[];
  /** Runs that the server or this page left out because there were too many. */
  readonly dropped: number;
}

const EMPTY: Buffers = { shown: [], waiting: [], dropped: 0 };

/** Live rows over a list. */
export interface LiveRuns {
  readonly state: StreamState;
  /** New and changed runs, newest start first. */
  readonly rows: readonly RunRow[];
  /** Runs that came while it was paused. */
  readonly waiting: number;
  readonly dropped: number;
}

/** Whether the stream can tell which runs match: it says nothing of what a run touched. */
export function canFollow(search: RunSearch): boolean {
  return search.target === undefined && search.library === undefined && search.until === undefined;
}

/** Follows new and changed runs that match; while paused they wait. */
export function useLiveRuns(search: RunSearch, isOn: boolean, isPaused: boolean): LiveRuns {
  const queryClient = useQueryClient();
  const [buffers, setBuffers] = useState(EMPTY);
  const key = JSON.stringify([search, isOn]);
  const [seenKey, setSeenKey] = useState(key);
  if (seenKey !== key) {
    setSeenKey(key);
    setBuffers(EMPTY);
  }
  if (!isPaused && buffers.waiting.length > 0) {
    setBuffers({
      ...buffers,
      ...limited(merge(buffers.shown, buffers.waiting), LIVE_ROWS, buffers.dropped),
      waiting: [],
    });
  }

  const state = useRunStream(search, isOn, {
    onRuns: (runs) => {
      const matching = runs.filter((run) => matches(run, search));
      if (matching.length === 0) return;
      setBuffers((present) => {
        if (!isPaused) return { ...limited(merge(present.shown, matching), LIVE_ROWS, present.dropped), waiting: [] };
        const merged = merge(present.waiting, matching);
        const cut = Math.max(0, merged.length - PAUSED_ROWS);
        return { ...present, waiting: merged.slice(0, PAUSED_ROWS), dropped: present.dropped + cut };
      });
    },
    onDropped: (count) => setBuffers((present) => ({ ...present, dropped: present.dropped + count })),
    // What happened before the connection stood is in the list.
    onOpen: () => void queryClient.invalidateQueries({ queryKey: ['runs'] }),
  });
  return { state, rows: buffers.shown, waiting: buffers.waiting.length, dropped: buffers.dropped };
}

/** Rows that fell off the end are in the list, one page further: nothing is dropped by cutting them. */
function limited(
  rows: readonly RunRow[],
  limit: number,
  dropped: number,
): { shown: readonly RunRow[]; dropped: number } {
  return { shown: rows.slice(0, limit), dropped };
}

/** Each run once, its latest revision, newest start first. */
function merge(older: readonly RunRow[], newer: readonly RunRow[]): RunRow[] {
  const byId = new Map(older.map((run) => [run.id, run]));
  for (const run of newer) {
    const present = byId.get(run.id);
    if (present === undefined || present.revision <= run.revision) byId.set(run.id, run);
  }
  return [...byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
}

function matches(run: RunRow, search: RunSearch): boolean {
  if (search.status !== undefined && run.status !== search.status) return false;
  if (search.exitRoute !== undefined && run.exitRoute !== search.exitRoute) return false;
  if (search.outcome === 'failed' && !hasFailed(run)) return false;
  if (search.since !== undefined && !isSpan(search.since) && run.startedAt < resolveMoment(search.since)) return false;
  return true;
}

function hasFailed(run: RunRow): boolean {
  return (
    run.exitRoute === 'exception' || run.exitRoute === 'signal' || (run.exitCode !== undefined && run.exitCode !== 0)
  );
}
