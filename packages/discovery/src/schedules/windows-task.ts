import type { ScheduleFound } from '@sentinel/protocol';
import { pythonCommands } from '../classify/python-command.ts';
import { type ScheduleFile, schedule } from './when-command.ts';

/** Python starts of a scheduled task. Source: Task Scheduler schema 1.2. */
export function windowsTaskSchedules({ source, text }: ScheduleFile, name: string): ScheduleFound[] {
  const plain = text.slice(0, 262_144);
  const isEnabled = !/<Settings>[^]*?<Enabled>\s*false\s*<\/Enabled>/i.test(plain);
  const user = inner(plain, 'UserId');
  return blocks(plain, 'Exec').flatMap((block) => {
    const line = `"${inner(block, 'Command') ?? ''}" ${inner(block, 'Arguments') ?? ''}`;
    return pythonCommands(line, inner(block, 'WorkingDirectory')).map((command) =>
      schedule({ source, line: undefined, kind: 'windows-task', name, when: whenOf(plain), user, isEnabled, command }),
    );
  });
}

function whenOf(text: string): string {
  const triggers = /<Triggers>([^]*?)<\/Triggers>/.exec(text)?.[1] ?? '';
  const parts: string[] = [];
  for (const match of triggers.matchAll(/<(\w+Trigger)(?:\s[^>]*)?(?:\/>|>([^]*?)<\/\1>)/g)) {
    const body = match[2] ?? '';
    const start = inner(body, 'StartBoundary');
    const interval = inner(body, 'Interval');
    const schedules = /<(ScheduleByDay|ScheduleByWeek|ScheduleByMonth)>/.exec(body)?.[1];
    parts.push(
      [
        match[1]?.replace(/Trigger$/, '').toLowerCase(),
        schedules?.replace('ScheduleBy', 'by ').toLowerCase(),
        start && `from ${start}`,
        interval && `every ${interval}`,
      ]
        .filter((part) => part !== undefined && part !== '')
        .join(' '),
    );
  }
  return parts.join('; ') || 'on demand';
}

function blocks(text: string, tag: string): string[] {
  return [...text.matchAll(new RegExp(`<${tag}(?:\\s[^>]*)?>([^]*?)</${tag}>`, 'g'))].map((match) => match[1] ?? '');
}

function inner(text: string, tag: string): string | undefined {
  const found = new RegExp(`<${tag}(?:\\s[^>]*)?>([^<]*)</${tag}>`).exec(text)?.[1]?.trim();
  return found === undefined || found === '' ? undefined : found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
