import { isUnusual, LEAST_RUNS, MEASURES, summariseRun } from '../context/baseline.ts';
import { defineRule } from '../rule.ts';

/** Below these nothing is unusual, however little the script did before. */
const LEAST = {
  rowsRead: 1_000,
  bytesSent: 1_000_000,
  bytesReceived: 10_000_000,
  filesRead: 50,
  filesWritten: 50,
  requests: 200,
  tokens: 20_000,
} as const;

/** Activities that a measure sums up. */
const TYPES = {
  rowsRead: 'db.query',
  bytesSent: 'net.connect',
  bytesReceived: 'net.connect',
  filesRead: 'file.open',
  filesWritten: 'file.open',
  requests: 'http.request',
  tokens: 'ai.request',
} as const;

/** Far more of something than in the script's own earlier runs. */
export default defineRule({
  id: 'unusual-volume',
  title: 'Unusual volume',
  severity: 'medium',
  confidence: 'medium',
  techniques: ['T1030', 'T1213'],
  controls: ['ISO27001:A.8.16'],
  misses: `Nothing is judged before ${LEAST_RUNS} earlier runs are known. What grows slowly is never unusual.`,
  references: ['https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm'],
  find: (view) => {
    const { baseline } = view.context;
    if (baseline === undefined || baseline.runs < LEAST_RUNS) return [];
    const { measures } = summariseRun(view.run, view.activities);
    return (Object.keys(MEASURES) as (keyof typeof MEASURES)[]).flatMap((measure) => {
      const spread = baseline.measures[measure];
      const value = measures[measure] ?? 0;
      if (spread === undefined || !isUnusual(value, spread, LEAST[measure])) return [];
      const largest = view
        .ofType(TYPES[measure])
        .toSorted((a, b) => b.rows + b.bytesOut + b.count - (a.rows + a.bytesOut + a.count))
        .slice(0, 3);
      return {
        subject: measure,
        sentence: `The script had ${Math.round(value).toLocaleString('en-US')} ${MEASURES[measure]} in this run; in its ${baseline.runs} earlier runs it had ${Math.round(spread.median).toLocaleString('en-US')} as a rule and ${Math.round(spread.most).toLocaleString('en-US')} at most.`,
        evidence: largest.map((activity) => view.evidence(activity, 'a large part of it')),
      };
    });
  },
});
