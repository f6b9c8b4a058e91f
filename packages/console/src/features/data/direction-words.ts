import type { DataFlow } from '@sentinel/protocol';

/** What happened to data, for people. */
export const DIRECTION_WORDS: Readonly<Record<DataFlow['direction'], string>> = {
  read: 'read from',
  written: 'left a copy in',
  sent: 'sent to',
};
