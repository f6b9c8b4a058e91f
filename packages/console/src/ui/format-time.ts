const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const SHORT_CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });
const YEAR = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', year: 'numeric' });

/** Date and time in the reader's zone, as short as today allows: `14:02:11`, `03 Mar 14:02`, `03 Mar 2025 14:02`. */
export function formatDateTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  if (time.toDateString() === now.toDateString()) return CLOCK.format(time);
  const day = time.getFullYear() === now.getFullYear() ? DAY : YEAR;
  return `${day.format(time)} ${SHORT_CLOCK.format(time)}`;
}

/** Hour and minute in the reader's zone. */
export function formatHour(iso: string): string {
  return SHORT_CLOCK.format(new Date(iso));
}

/** Date and time in UTC, for titles: `2026-03-03 14:02:11.042 UTC`. */
export function formatUtc(iso: string): string {
  return `${new Date(iso).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

/** How long ago, roughly: `just now`, `4 min ago`, `3 h ago`, `2 d ago`. */
export function formatAgo(iso: string, nowMs: number): string {
  const seconds = Math.round((nowMs - Date.parse(iso)) / 1000);
  if (seconds < -5) return 'in the future';
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
