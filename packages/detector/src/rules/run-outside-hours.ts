import { isScheduled, localTime, whyOutside } from '../context/work-hours.ts';
import { defineRule } from '../rule.ts';

const REASONS = { holiday: 'on a holiday', 'day off': 'on a day off', hour: 'outside working hours' } as const;
const DAY_NAMES = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const;

/** A run at a time when nobody of the department works, and that no approved schedule explains. */
export default defineRule({
  id: 'run-outside-hours',
  title: 'Run outside working hours',
  severity: 'low',
  confidence: 'high',
  techniques: ['T1053'],
  controls: ['ISO27001:A.8.16'],
  misses: 'Without a calendar nothing is judged. People who work late look like scripts that do.',
  references: ['https://attack.mitre.org/techniques/T1053/'],
  find: (view) => {
    const { calendar, schedules } = view.context;
    if (calendar === undefined) return [];
    const local = localTime(view.run.startedAt, calendar.timeZone);
    const why = whyOutside(local, calendar);
    if (why === undefined || schedules.some((schedule) => isScheduled(local, schedule))) return [];
    const first = view.activities[0];
    // What the run touched makes the hour matter.
    const touches = view.sources.some(({ labels }) => labels.length > 0) || view.ofType('com.call').length > 0;
    return [
      {
        subject: why,
        sentence: `The script ran ${REASONS[why]}, at ${local.clock} on ${DAY_NAMES[local.day]} ${local.date} (${calendar.timeZone}), and no approved schedule covers it.`,
        evidence:
          first === undefined
            ? [{ runId: view.run.id, note: 'start of the run' }]
            : [view.evidence(first, 'start of the run')],
        ...(touches ? { severity: 'medium' as const } : {}),
      },
    ];
  },
});
