import { SentinelError } from '@sentinel/protocol';

/** Cursor of a list that falls by time and id. */
export function writePosition(at: number, id: string): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/**
 * Time and id that a cursor stands for.
 * @throws SentinelError if it is none that this server gave.
 */
export function readPosition(cursor: string): { readonly at: number; readonly id: string } {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof at === 'number' && typeof id === 'string') return { at, id };
  } catch {
    // Falls through: whatever is wrong with it, it is not ours.
  }
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}
