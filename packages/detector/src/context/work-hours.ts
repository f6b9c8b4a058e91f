import type { ApprovedSchedule, WorkCalendar } from '@sentinel/protocol';

/** A time as people of a time zone see it. */
export interface LocalTime {
  /** Such as 2026-11-20. */
  readonly date: string;
  readonly day: WorkCalendar['days'][number];
  /** Minute of the day. */
  readonly minute: number;
  /** Such as 02:14. */
  readonly clock: string;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A time in a zone. */
export function localTime(time: string, timeZone: string): LocalTime {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // The Swedish form is the ISO one: 2026-11-20 02:14:07.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  const text = format.format(new Date(time));
  const date = text.slice(0, 10);
  return {
    date,
    day: DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sun',
    minute: Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16)),
    clock: text.slice(11, 16),
  };
}

/** Why a time is outside the hours of a calendar; undefined where it is inside. */
export function whyOutside(local: LocalTime, calendar: WorkCalendar): 'holiday' | 'day off' | 'hour' | undefined {
  const isOvernight = minutes(calendar.to) <= minutes(calendar.from);
  // What is left of yesterday's hours, where they reach over midnight.
  if (isOvernight && local.minute < minutes(calendar.to) && calendar.days.includes(dayBefore(local.day)))
    return undefined;
  if (calendar.holidays.includes(local.date)) return 'holiday';
  if (!calendar.days.includes(local.day)) return 'day off';
  const isInside = isOvernight
    ? local.minute >= minutes(calendar.from)
    : local.minute >= minutes(calendar.from) && local.minute < minutes(calendar.to);
  return isInside ? undefined : 'hour';
}

/** Whether a schedule allows a run at a time. */
export function isScheduled(local: LocalTime, schedule: ApprovedSchedule): boolean {
  if (schedule.until !== undefined && local.date > schedule.until) return false;
  const from = minutes(schedule.from);
  const to = minutes(schedule.to);
  const isOn = (day: LocalTime['day']) => schedule.days === undefined || schedule.days.includes(day);
  if (from < to) return isOn(local.day) && local.minute >= from && local.minute < to;
  return (isOn(local.day) && local.minute >= from) || (isOn(dayBefore(local.day)) && local.minute < to);
}

function dayBefore(day: LocalTime['day']): LocalTime['day'] {
  return DAYS[(DAYS.indexOf(day) + 6) % 7] ?? 'sun';
}

function minutes(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}
