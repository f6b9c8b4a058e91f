import { isSpan, type Moment } from '../api/moment.ts';
import { formatDateTime } from './format-time.ts';

const SPAN_WORDS = {
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  all: 'all time',
} as const;

/** A moment of a filter in words. */
export function momentText(moment: Moment): string {
  return isSpan(moment) ? SPAN_WORDS[moment] : formatDateTime(moment);
}
