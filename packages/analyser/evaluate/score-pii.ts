import { shippedPii } from '../src/pii/find-pii.ts';
import { readRows } from './corpus.ts';

interface Sentence {
  readonly text: string;
  readonly spans: readonly { readonly type: string; readonly start: number; readonly end: number }[];
}

/** Labelled type of each kind of ours that the set has. */
const TYPES: Readonly<Record<string, string>> = {
  email: 'EMAIL_ADDRESS',
  iban: 'IBAN_CODE',
  'payment-card': 'CREDIT_CARD',
  'us-ssn': 'US_SSN',
  'driver-licence': 'US_DRIVER_LICENSE',
  phone: 'PHONE_NUMBER',
  'ip-address': 'IP_ADDRESS',
};

/** How well one kind is found. */
export interface PiiScore {
  readonly kind: string;
  readonly hits: number;
  readonly truths: number;
  readonly extras: number;
}

/** Scores every kind that the labelled sentences have; a hit covers at least half of the labelled span. */
export function scorePii(showError?: (line: string) => void): PiiScore[] {
  const finder = shippedPii();
  const sentences = readRows<Sentence>('pii/synthetic-sentences.jsonl.gz').map(({ text, spans }) => ({
    text,
    spans,
    found: finder.spans(text),
  }));
  return Object.entries(TYPES).flatMap(([kind, type]): PiiScore[] => {
    let hits = 0;
    let truths = 0;
    let extras = 0;
    for (const { text, spans, found } of sentences) {
      const wanted = spans.filter((span) => span.type === type);
      const own = found.filter((span) => span.kind === kind);
      truths += wanted.length;
      for (const span of wanted) {
        if (own.some((other) => covers(other, span))) hits += 1;
        else showError?.(`missed ${kind}: ${text.slice(Math.max(0, span.start - 40), span.end + 20)}`);
      }
      for (const span of own.filter((other) => !wanted.some((label) => covers(other, label)))) {
        extras += 1;
        showError?.(`extra ${kind}: ${text.slice(Math.max(0, span.start - 40), span.end + 20)}`);
      }
    }
    return truths === 0 && extras === 0 ? [] : [{ kind, hits, truths, extras }];
  });
}

function covers(found: { start: number; end: number }, label: { start: number; end: number }): boolean {
  const common = Math.min(found.end, label.end) - Math.max(found.start, label.start);
  return common * 2 >= label.end - label.start;
}
