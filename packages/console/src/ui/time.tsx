import { formatAgo, formatDateTime, formatUtc } from './format-time.ts';
import { useNow } from './use-now.ts';

/** A moment in the reader's zone, with UTC in the title. */
export function Time({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={formatUtc(iso)} className="nowrap">
      {formatDateTime(iso)}
    </time>
  );
}

/** How long ago a moment was, with the moment itself in the title. */
export function Ago({ iso }: { readonly iso: string }) {
  const nowMs = useNow();
  return (
    <time dateTime={iso} title={`${formatDateTime(iso)} (${formatUtc(iso)})`} className="nowrap">
      {formatAgo(iso, nowMs)}
    </time>
  );
}
