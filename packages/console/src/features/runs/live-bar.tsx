import { useEffect, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { PauseIcon, PlayIcon } from '../../ui/icons.tsx';
import { StreamBadge } from '../../ui/stream-badge.tsx';
import type { LiveRuns } from './use-live-runs.ts';

interface Props {
  readonly live: LiveRuns;
  readonly isOn: boolean;
  readonly canFollow: boolean;
  readonly isPaused: boolean;
  readonly onToggle: () => void;
  readonly onPause: () => void;
}

/** The state of the live list and its switches. */
export function LiveBar({ live, isOn, canFollow, isPaused, onToggle, onPause }: Props) {
  const announced = useSettledCount(live.rows.length + live.waiting);
  return (
    <div className="live-bar">
      <Button aria-pressed={isOn && canFollow} onClick={onToggle} disabled={!canFollow} title="Live list (l)">
        Live list
      </Button>
      {isOn && canFollow ? (
        <>
          <Button onClick={onPause} title="Space">
            {isPaused ? <PlayIcon size={13} /> : <PauseIcon size={13} />}
            {isPaused ? 'Resume' : 'Pause'}
            {isPaused && live.waiting > 0 ? ` (${formatCount(live.waiting)} new)` : ''}
          </Button>
          <StreamBadge state={live.state} />
        </>
      ) : null}
      {canFollow ? null : (
        <span className="muted">
          The live list cannot follow filters on what was touched, libraries or an end time.
        </span>
      )}
      {live.dropped > 0 ? (
        <span className="live-bar__dropped">
          {formatCounted(live.dropped, 'run')} left out of the live list, too many at once; the list itself has them.
        </span>
      ) : null}
      <output className="visually-hidden">
        {announced > 0 ? `${formatCounted(announced, 'run')} new or changed` : ''}
      </output>
    </div>
  );
}

/** Time between two announcements: a busy list must not talk without end. */
const ANNOUNCE_MS = 10_000;

function useSettledCount(count: number): number {
  const [settled, setSettled] = useState(count);
  useEffect(() => {
    if (count === settled) return;
    const timer = setTimeout(() => setSettled(count), ANNOUNCE_MS);
    return () => clearTimeout(timer);
  }, [count, settled]);
  return settled;
}
