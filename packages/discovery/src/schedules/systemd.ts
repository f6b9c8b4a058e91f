import type { ScheduleFound } from '@sentinel/protocol';
import { pythonCommands, splitWords } from '../classify/python-command.ts';
import { directCommand, type IsPythonFile, type ScheduleFile, schedule } from './when-command.ts';

/** Keys of a unit file, section and key in one; several values per key. Source: systemd.syntax(7). */
export function parseUnit(text: string): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  let section = '';
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const header = /^\[([^\]]+)\]$/.exec(trimmed);
    if (header?.[1] !== undefined) {
      section = header[1];
      continue;
    }
    const at = trimmed.indexOf('=');
    if (at <= 0) continue;
    const key = `${section}.${trimmed.slice(0, at).trim()}`;
    const value = trimmed.slice(at + 1).trim();
    // An empty value takes back what stood before.
    if (value === '') keys.delete(key);
    else keys.set(key, [...(keys.get(key) ?? []), value]);
  }
  return keys;
}

const TIMER_KEYS = ['OnCalendar', 'OnBootSec', 'OnStartupSec', 'OnUnitActiveSec', 'OnUnitInactiveSec', 'OnActiveSec'];

/**
 * Python starts of services, with the timers that start them. Source: systemd.timer(5), systemd.service(5).
 * @param units - Unit files of one place, `.timer` and `.service`.
 * @param enabled - Names that a `*.wants` folder holds.
 * @param user - Account of a user's own units.
 */
export function systemdSchedules(
  units: readonly ScheduleFile[],
  enabled: ReadonlySet<string>,
  isPythonFile: IsPythonFile,
  user?: string,
): ScheduleFound[] {
  const byName = new Map(units.map((unit) => [nameOf(unit.source), { ...unit, keys: parseUnit(unit.text) }]));
  const found: ScheduleFound[] = [];
  const timed = new Set<string>();
  for (const [name, timer] of byName) {
    if (!name.endsWith('.timer')) continue;
    const service = timer.keys.get('Timer.Unit')?.[0] ?? name.replace(/\.timer$/, '.service');
    const target = byName.get(service);
    if (target === undefined) continue;
    timed.add(service);
    const when = TIMER_KEYS.flatMap((key) =>
      (timer.keys.get(`Timer.${key}`) ?? []).map((value) => `${key}=${value}`),
    ).join(', ');
    for (const command of startsOf(target.keys, isPythonFile)) {
      found.push(
        schedule({
          source: timer.source,
          line: undefined,
          kind: 'systemd-timer',
          name,
          when: when || 'not stated',
          user: target.keys.get('Service.User')?.[0] ?? user ?? 'root',
          isEnabled: enabled.has(name),
          command,
        }),
      );
    }
  }
  for (const [name, service] of byName) {
    if (!name.endsWith('.service') || timed.has(name)) continue;
    for (const command of startsOf(service.keys, isPythonFile)) {
      found.push(
        schedule({
          source: service.source,
          line: undefined,
          kind: 'systemd-service',
          name,
          when: enabled.has(name) ? 'at start' : 'on demand',
          user: service.keys.get('Service.User')?.[0] ?? user ?? 'root',
          isEnabled: enabled.has(name),
          command,
        }),
      );
    }
  }
  return found;
}

function startsOf(keys: ReadonlyMap<string, string[]>, isPythonFile: IsPythonFile): ScheduleFound['command'][] {
  const folder = keys.get('Service.WorkingDirectory')?.[0];
  return ['ExecStart', 'ExecStartPre', 'ExecStartPost'].flatMap((key) =>
    (keys.get(`Service.${key}`) ?? []).flatMap((value) => {
      const line = value.replace(/^[-@:+!]+/, '');
      const commands = pythonCommands(line, folder);
      if (commands.length > 0) return commands;
      const direct = directCommand(splitWords(line).slice(0), isPythonFile);
      return direct === undefined ? [] : [direct];
    }),
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
