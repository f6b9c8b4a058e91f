const MOST_EVIDENCE = 5;

/** A count with its noun: `1 row`, `15,000 rows`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** Bytes for people: `31 kB`. */
export function bytesOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit] ?? ''}`;
}

/** Names as a sentence lists them: `a, b and 3 more`. */
export function namesOf(names: readonly string[], most = 3): string {
  const unique = [...new Set(names)];
  if (unique.length > most) return `${unique.slice(0, most).join(', ')} and ${unique.length - most} more`;
  return unique.length < 2 ? (unique[0] ?? '') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1) ?? ''}`;
}

/** Last part of a path. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** All but the last part of a path. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
}

/** Enough evidence to look at: the first ones. */
export function someOf<T>(items: readonly T[], most = MOST_EVIDENCE): readonly T[] {
  return items.length > most ? items.slice(0, most) : items;
}

/** Sum of a number of each item. */
export function sumNumbers<T>(items: readonly T[], numberOf: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += numberOf(item);
  return sum;
}
