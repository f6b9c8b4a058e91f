const SPANS_MS = { h: 3_600_000, d: 86_400_000 } as const;

/** A time as the API takes it: as it is, a day, or so long before now. */
export function momentOf(text: string): string {
  const span = /^(\d{1,6})([hd])$/.exec(text);
  if (span !== null)
    return new Date(Date.now() - Number(span[1]) * SPANS_MS[span[2] as keyof typeof SPANS_MS]).toISOString();
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs))
    throw new Error(`"${text}" is no time: write 2026-01-31, a full time, or a span such as 90d`);
  return new Date(timeMs).toISOString();
}
