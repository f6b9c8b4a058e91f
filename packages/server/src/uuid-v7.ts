import { randomUUIDv7 } from 'node:crypto';

/** A new UUIDv7: ids sort by the time they were made. Source: RFC 9562 section 5.7. */
export function newUuidV7(): string {
  return randomUUIDv7();
}

/** Time inside a UUIDv7, or undefined for a UUID of another version. */
export function uuidV7TimeMs(uuid: string): number | undefined {
  if (uuid[14] !== '7') return undefined;
  const time = Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
  return Number.isNaN(time) ? undefined : time;
}
