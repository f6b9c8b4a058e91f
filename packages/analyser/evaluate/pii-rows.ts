import { scorePii } from './score-pii.ts';
import type { Row } from './table.ts';

/** Personal data in the labelled sentences, by kind, and all structured kinds together. */
export function piiRows(showError?: (line: string) => void): Row[] {
  const scores = scorePii(showError);
  const structured = scores.filter(({ kind }) => kind !== 'phone' && kind !== 'driver-licence');
  const sum = (figure: 'hits' | 'truths' | 'extras') => structured.reduce((total, score) => total + score[figure], 0);
  const set = 'personal data';
  return [
    {
      set,
      measure: 'structured kinds, recall',
      value: sum('hits') / sum('truths'),
      target: 0.98,
      note: 'e-mail, IBAN, card, social security, IP',
    },
    { set, measure: 'structured kinds, precision', value: sum('hits') / (sum('hits') + sum('extras')), target: 0.98 },
    ...scores.flatMap(({ kind, hits, truths, extras }): Row[] => {
      const note = `${hits} of ${truths}, ${extras} extra`;
      return [
        {
          set,
          measure: `${kind}, recall`,
          value: truths === 0 ? Number.NaN : hits / truths,
          ...(kind === 'phone' ? { target: 0.8 } : {}),
          note,
        },
        { set, measure: `${kind}, precision`, value: hits + extras === 0 ? Number.NaN : hits / (hits + extras) },
      ];
    }),
  ];
}
