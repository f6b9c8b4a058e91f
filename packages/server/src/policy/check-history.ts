import { SentinelError } from '@sentinel/protocol';
import { DAY_MS } from '../store/store-time.ts';

/** Longest history that one simulation plays. */
const MAX_DAYS = 400;

/** Refuses a history that cannot be played. @throws SentinelError `bad-request`. */
export function checkHistory(fromMs: number, toMs: number, timeZone: string): void {
  if (!(fromMs < toMs) || toMs - fromMs > MAX_DAYS * DAY_MS)
    throw new SentinelError('bad-request', `The history must begin before it ends and span at most ${MAX_DAYS} days.`);
  if (!isTimeZone(timeZone))
    throw new SentinelError('bad-request', `${timeZone} is no time zone; write one such as Europe/Berlin.`);
}

function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z0-9_/+-]+$/.test(name) && new Date(0).toLocaleString('en', { timeZone: name }) !== '';
  } catch {
    return false;
  }
}
