import { formatDuration } from './format-duration.ts';
import { useNow } from './use-now.ts';

interface Props {
  readonly run: {
    readonly status: 'running' | 'ended';
    readonly startedAt: string;
    readonly durationMs?: number | undefined;
  };
}

/** How long a run took, or has taken so far. */
export function RunDuration({ run }: Props) {
  if (run.status === 'running') return <Ticking startedAt={run.startedAt} />;
  if (run.durationMs === undefined) return <span className="muted">not known</span>;
  return <span className="nowrap">{formatDuration(run.durationMs)}</span>;
}

function Ticking({ startedAt }: { readonly startedAt: string }) {
  const elapsed = Math.max(0, useNow() - Date.parse(startedAt));
  return <span className="nowrap">{formatDuration(Math.floor(elapsed / 1000) * 1000)}</span>;
}
