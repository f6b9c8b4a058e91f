import { LEAST_RUNS, minuteOf } from '../context/baseline.ts';
import { localTime } from '../context/work-hours.ts';
import { defineRule } from '../rule.ts';

/** Minutes between the start of this run and the nearest earlier one. */
const LEAST_DISTANCE = 180;
const DAY = 1440;

/** A start at an hour at which the script never started before. */
export default defineRule({
  id: 'unusual-hour',
  title: 'Unusual hour',
  severity: 'low',
  confidence: 'medium',
  techniques: ['T1053'],
  controls: ['ISO27001:A.8.16'],
  misses: `Nothing is judged before ${LEAST_RUNS} earlier runs are known. Hours are compared in UTC, so a change of the clocks moves them by one.`,
  references: ['https://attack.mitre.org/techniques/T1053/'],
  find: (view) => {
    const { baseline, calendar } = view.context;
    if (baseline === undefined || baseline.runs < LEAST_RUNS) return [];
    const minute = minuteOf(view.run.startedAt);
    const distance = baseline.startMinutes.reduce((least, other) => {
      const apart = Math.abs(other - minute);
      return Math.min(least, apart, DAY - apart);
    }, DAY);
    if (distance < LEAST_DISTANCE) return [];
    const zone = calendar?.timeZone ?? 'UTC';
    return [
      {
        subject: 'start',
        sentence: `The script started at ${localTime(view.run.startedAt, zone).clock} (${zone}); none of its ${baseline.runs} earlier runs began within ${Math.floor(distance / 60)} hours of that.`,
        evidence: [{ runId: view.run.id, note: 'start of the run' }],
      },
    ];
  },
});
