const NUMBER = new Intl.NumberFormat('en-GB');

/** A whole number with separators: `12,408`. */
export function formatCount(value: number): string {
  return NUMBER.format(value);
}

/** A number with its noun: `1 run`, `2,300 runs`. */
export function formatCounted(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}
