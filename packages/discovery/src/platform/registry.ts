import type { InterpreterFound, ReferenceFound, ScheduleFound } from '@sentinel/protocol';
import { pythonCommands } from '../classify/python-command.ts';

/** Keys of a registry export with their values, both lower-cased names. Source: `reg export` and `reg query` output. */
export function parseRegistryText(text: string): Map<string, Map<string, string>> {
  const keys = new Map<string, Map<string, string>>();
  let values: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const key = /^\[?(HK[A-Z_]+\\[^\]]*)\]?$/.exec(line)?.[1];
    if (key !== undefined) {
      values = new Map();
      keys.set(key.trim(), values);
      continue;
    }
    // .reg file: "Name"="value"; query output: Name    REG_SZ    value
    const exported = /^(?:"((?:[^"\\]|\\.)*)"|(@))="((?:[^"\\]|\\.)*)"$/.exec(line);
    const queried = /^ {4}(.+?) {4}REG_(?:SZ|EXPAND_SZ|DWORD) {4}(.*)$/.exec(line);
    if (exported !== null) values?.set((exported[1] ?? '').toLowerCase(), unescape(exported[3] ?? ''));
    else if (queried !== null) {
      const name = queried[1] ?? '';
      values?.set(name === '(Default)' ? '' : name.toLowerCase(), (queried[2] ?? '').trim());
    }
  }
  return keys;
}

/** Interpreters that are registered with Windows. Source: PEP 514. */
export function registeredInterpreters(text: string, exists: (path: string) => boolean): InterpreterFound[] {
  const keys = parseRegistryText(text);
  const found = new Map<string, InterpreterFound>();
  for (const [key, values] of keys) {
    const match = /^(.*\\Software\\(?:WOW6432Node\\)?Python\\([^\\]+)\\([^\\]+))\\InstallPath$/i.exec(key);
    if (match?.[1] === undefined || match[2] === 'PyLauncher') continue;
    const folder = values.get('');
    const path =
      values.get('executablepath') ?? (folder === undefined ? undefined : `${folder.replace(/\\$/, '')}\\python.exe`);
    if (path === undefined) continue;
    const tag = keys.get(match[1]);
    const version = tag?.get('version') ?? tag?.get('sysversion') ?? /^(\d+\.\d+)/.exec(match[3] ?? '')?.[1];
    found.set(path.toLowerCase(), {
      path,
      aliases: [],
      kind: match[2] === 'ContinuumAnalytics' ? 'conda' : match[2] === 'Astral' ? 'uv' : 'pep514',
      implementation: match[2] === 'PyPy' ? 'pypy' : 'cpython',
      ...(version === undefined ? {} : { version }),
      proof: key,
      ...(exists(path) ? {} : { problem: 'is registered but its file is gone' }),
      owner: {},
    });
  }
  return [...found.values()];
}

/** Linux systems inside Windows; what is in them is looked at only from inside. Source: documentation of WSL, key Lxss. */
export function linuxSubsystems(text: string): ReferenceFound[] {
  return [...parseRegistryText(text)].flatMap(([key, values]): ReferenceFound[] => {
    const name = values.get('distributionname');
    const folder = values.get('basepath');
    if (!/\\Lxss\\\{[^\\]+\}$/i.test(key) || name === undefined || folder === undefined) return [];
    return [{ path: folder.replace(/^\\\\\?\\/, ''), kind: 'wsl', name }];
  });
}

/** Python starts at sign-in that the registry holds. Source: documentation of the Run and RunOnce keys. */
export function runKeySchedules(text: string): ScheduleFound[] {
  const found: ScheduleFound[] = [];
  for (const [key, values] of parseRegistryText(text)) {
    const match = /\\Microsoft\\Windows\\CurrentVersion\\(Run|RunOnce)$/i.exec(key);
    if (match === null) continue;
    for (const [name, line] of values) {
      for (const command of pythonCommands(line))
        found.push({
          source: key,
          kind: 'run-key',
          name,
          when: match[1]?.toLowerCase() === 'runonce' ? 'at the next sign-in' : 'at sign-in',
          command,
        });
    }
  }
  return found;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}
