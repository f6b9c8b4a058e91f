import type { DataFileFound } from '@sentinel/protocol';

/** What a data file holds, for people: `IBAN 12, birth date (column)`, or why it was not looked into. */
export function kindsText({ kinds, notRead }: Pick<DataFileFound, 'kinds' | 'notRead'>): string {
  if (notRead !== undefined) return `not looked into: ${notRead}`;
  return kinds
    .map(
      ({ kind, count }) => `${kind.replaceAll('-', ' ')} ${count === 0 ? '(column)' : count.toLocaleString('en-US')}`,
    )
    .join(', ');
}
