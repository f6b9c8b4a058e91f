import { SentinelError } from '@sentinel/protocol';

/** Place in the list of actions. */
export interface ActionCursor {
  readonly createdAt: number;
  readonly id: string;
}

/** Text of a place. */
export function writeCursor({ createdAt, id }: ActionCursor): string {
  return `${createdAt}.${id}`;
}

/** A place out of its text. @throws SentinelError `bad-request` if it is none. */
export function readCursor(text: string): ActionCursor {
  const [, createdAt, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(text) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new SentinelError('bad-request', 'query: cursor: it is none of this list');
  return { createdAt: Number(createdAt), id };
}
