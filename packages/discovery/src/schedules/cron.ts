import type { PythonCommand, ScheduleFound } from '@sentinel/protocol';
import { pythonCommands, splitWords } from '../classify/python-command.ts';
import { directCommand, type IsPythonFile, type ScheduleFile, schedule } from './when-command.ts';

/**
 * Python starts in a crontab. Source: crontab(5).
 * @param hasUser - Whether a field before the command names the account, as in system crontabs.
 * @param owner - Account of a personal crontab.
 */
export function cronSchedules(
  { source, text }: ScheduleFile,
  hasUser: boolean,
  isPythonFile: IsPythonFile,
  owner?: string,
): ScheduleFound[] {
  return text.split('\n').flatMap((line, index): ScheduleFound[] => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || /^\w+\s*=/.test(trimmed)) return [];
    const match = /^(@\w+|\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(trimmed);
    if (match?.[1] === undefined || match[2] === undefined) return [];
    const [first = '', ...others] = match[2].split(/\s+/);
    const user = hasUser ? first : owner;
    const command = hasUser ? others.join(' ') : match[2];
    return starts(command, isPythonFile).map((found) =>
      schedule({
        source,
        line: index + 1,
        kind: 'cron',
        name: undefined,
        when: match[1]?.replaceAll(/\s+/g, ' '),
        user,
        isEnabled: true,
        command: found,
      }),
    );
  });
}

/** Python starts in an anacrontab. Source: anacrontab(5). */
export function anacronSchedules({ source, text }: ScheduleFile, isPythonFile: IsPythonFile): ScheduleFound[] {
  return text.split('\n').flatMap((line, index): ScheduleFound[] => {
    const match = /^\s*(@\w+|\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match === null) return [];
    const [, period = '', delay = '', name, command = ''] = match;
    return starts(command, isPythonFile).map((found) =>
      schedule({
        source,
        line: index + 1,
        kind: 'anacron',
        name,
        when: `${/^\d+$/.test(period) ? `every ${period} days` : period}, delay ${delay} min`,
        user: 'root',
        isEnabled: true,
        command: found,
      }),
    );
  });
}

/** Python starts in a job of `at`, or in a script that a folder such as `cron.daily` starts. */
export function scriptSchedules(
  { source, text }: ScheduleFile,
  kind: 'at' | 'cron',
  when: string,
  isPythonFile: IsPythonFile,
  user?: string,
): ScheduleFound[] {
  const found: PythonCommand[] = isPythonFile(source)
    ? [{ program: source, script: source, isInline: false, argumentCount: 0 }]
    : text.split('\n').flatMap((line) => {
        const trimmed = line.trim();
        // A job of `at` begins with the environment of the person who made it: never looked at.
        return trimmed.startsWith('#') || /^\w+=/.test(trimmed) ? [] : pythonCommands(trimmed);
      });
  return found.map((command) =>
    schedule({ source, line: undefined, kind, name: undefined, when, user, isEnabled: true, command }),
  );
}

function starts(command: string, isPythonFile: IsPythonFile): PythonCommand[] {
  // A percent sign ends the command: what follows is its input.
  const line = command.split(/(?<!\\)%/, 1)[0] ?? '';
  const found = pythonCommands(line);
  if (found.length > 0) return found;
  const direct = directCommand(splitWords(line), isPythonFile);
  return direct === undefined ? [] : [direct];
}
