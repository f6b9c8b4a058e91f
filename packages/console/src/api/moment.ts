import { z } from 'zod';

const HOUR_MS = 3_600_000;

/** Spans that end now; a link with one means the same span on the day it is opened. `all` is every run that is kept. */
const SPANS = {
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  all: Number.POSITIVE_INFINITY,
} as const;

/** A moment in a link: a span back from now, or a time. */
export const Moment = z.union([z.enum(['24h', '7d', '30d', 'all']), z.iso.datetime()]);
export type Moment = z.infer<typeof Moment>;

/** What a list without a time filter shows: the server looks back so far. */
export const DEFAULT_SPAN = '30d';

/** The choices of the time filter. */
export const spanOptions = [
  { value: '24h', text: '24 h' },
  { value: '7d', text: '7 days' },
  { value: '30d', text: '30 days' },
  { value: 'all', text: 'All' },
] as const;

/** The time that a moment means now. */
export function resolveMoment(moment: Moment): string {
  return isSpan(moment) ? new Date(Math.max(0, Date.now() - SPANS[moment])).toISOString() : moment;
}

/** Whether the moment is a span back from now. */
export function isSpan(moment: Moment): moment is keyof typeof SPANS {
  return Object.hasOwn(SPANS, moment);
}
