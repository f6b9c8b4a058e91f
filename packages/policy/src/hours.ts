import type { PolicyCalendar, PolicyTest } from '@sentinel/protocol';
import { allOf, anyOf, type Formula } from './formula.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Whether the endpoint's time lies in a calendar's hours. */
export function inHours({ days, from, to }: PolicyCalendar): Formula {
  const numbers = [...new Set(days.map((day) => DAYS.indexOf(day) + 1))].sort((a, b) => a - b);
  const start = minuteOf(from);
  const end = minuteOf(to);
  if (start < end) return allOf([onDays(numbers), ask('ge', start), ask('lt', end)]);
  const next = numbers.map((day) => (day % 7) + 1).sort((a, b) => a - b);
  return anyOf([allOf([onDays(numbers), ask('ge', start)]), allOf([onDays(next), ask('lt', end)])]);
}

/** Days as stretches, so that a negation stays short. */
function onDays(numbers: readonly number[]): Formula {
  const stretches: [number, number][] = [];
  for (const day of numbers) {
    const last = stretches.at(-1);
    if (last !== undefined && last[1] === day - 1) last[1] = day;
    else stretches.push([day, day]);
  }
  return anyOf(
    stretches.map(([first, last]) =>
      first === last
        ? test({ fact: 'time.weekday', operator: 'eq', number: first })
        : allOf([
            test({ fact: 'time.weekday', operator: 'ge', number: first }),
            test({ fact: 'time.weekday', operator: 'le', number: last }),
          ]),
    ),
  );
}

function ask(operator: 'ge' | 'lt', number: number): Formula {
  return test({ fact: 'time.minute', operator, number });
}

function test(of: PolicyTest): Formula {
  return { kind: 'test', test: of };
}

function minuteOf(clock: string): number {
  const [hour = '0', minute = '0'] = clock.split(':');
  return Number(hour) * 60 + Number(minute);
}
