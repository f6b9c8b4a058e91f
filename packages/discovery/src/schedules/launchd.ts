import type { ScheduleFound } from '@sentinel/protocol';
import { pythonCommandOf } from '../classify/python-command.ts';
import { directCommand, type IsPythonFile, type ScheduleFile, schedule } from './when-command.ts';

type Plist = string | number | boolean | Plist[] | { [key: string]: Plist };

/** Value of an XML property list; undefined for binary ones and for what is none. Source: plist(5). */
export function parsePlist(text: string): Plist | undefined {
  if (!text.includes('<plist')) return undefined;
  const tokens = text.matchAll(/<(\/?)(dict|array|key|string|integer|real|true|false|date|data)\s*(\/?)>([^<]*)/g);
  const stack: { value: Plist; key?: string }[] = [];
  let root: Plist | undefined;
  const put = (value: Plist) => {
    const top = stack.at(-1);
    if (top === undefined) root ??= value;
    else if (Array.isArray(top.value)) top.value.push(value);
    else if (top.key !== undefined && typeof top.value === 'object') top.value[top.key] = value;
  };
  for (const [, slash, tag = '', selfClosing, content = ''] of tokens) {
    if (slash === '/') {
      if (tag === 'dict' || tag === 'array') stack.pop();
      continue;
    }
    if (tag === 'dict' || tag === 'array') {
      const value: Plist = tag === 'dict' ? {} : [];
      put(value);
      if (selfClosing !== '/') stack.push({ value });
      if (stack.length > 64) return root;
    } else if (tag === 'key') {
      const top = stack.at(-1);
      if (top !== undefined) top.key = decodeXml(content);
    } else if (tag === 'integer' || tag === 'real') put(Number(content));
    else if (tag === 'true' || tag === 'false') put(tag === 'true');
    else put(decodeXml(content));
  }
  return root;
}

/** Python start of a launchd job. Source: launchd.plist(5). */
export function launchdSchedules(
  { source, text }: ScheduleFile,
  isPythonFile: IsPythonFile,
  user?: string,
): ScheduleFound[] {
  const job = parsePlist(text);
  if (typeof job !== 'object' || Array.isArray(job)) return [];
  const words = Array.isArray(job['ProgramArguments']) ? job['ProgramArguments'].map(String) : [];
  const program = job['Program'];
  const all = typeof program === 'string' ? [program, ...words.slice(1)] : words;
  const folder = typeof job['WorkingDirectory'] === 'string' ? job['WorkingDirectory'] : undefined;
  const command = pythonCommandOf(all, folder) ?? directCommand(all, isPythonFile);
  if (command === undefined) return [];
  const label = job['Label'];
  const account = job['UserName'];
  return [
    schedule({
      source,
      line: undefined,
      kind: 'launchd',
      name: typeof label === 'string' ? label : undefined,
      when: whenOf(job),
      user: typeof account === 'string' ? account : user,
      isEnabled: job['Disabled'] !== true,
      command,
    }),
  ];
}

function whenOf(job: { [key: string]: Plist }): string {
  const parts: string[] = [];
  const calendar = job['StartCalendarInterval'];
  for (const one of Array.isArray(calendar) ? calendar : calendar === undefined ? [] : [calendar]) {
    if (typeof one === 'object' && !Array.isArray(one))
      parts.push(
        Object.entries(one)
          .map(([key, value]) => `${key}=${typeof value === 'object' ? '…' : value}`)
          .join(' '),
      );
  }
  if (typeof job['StartInterval'] === 'number') parts.push(`every ${job['StartInterval']} s`);
  if (job['RunAtLoad'] === true) parts.push('at load');
  if (job['KeepAlive'] !== undefined && job['KeepAlive'] !== false) parts.push('kept alive');
  return parts.join('; ') || 'on demand';
}

function decodeXml(text: string): string {
  return text.replaceAll(
    /&(lt|gt|amp|quot|apos);/g,
    (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[name] ?? '',
  );
}
