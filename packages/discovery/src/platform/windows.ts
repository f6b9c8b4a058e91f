import { join } from 'node:path';
import type { ScheduleFound } from '@sentinel/protocol';
import { decodeText, fileStats, readSmallText } from '../classify/file-facts.ts';
import { LAUNCHER_KINDS, readLauncher } from '../classify/launcher.ts';
import type { MachineFacts } from '../machine-facts.ts';
import { schedule } from '../schedules/when-command.ts';
import { windowsTaskSchedules } from '../schedules/windows-task.ts';
import type { Platform } from './platform.ts';
import { namesIn, readScheduleTree } from './read-tree.ts';
import { linuxSubsystems, registeredInterpreters, runKeySchedules } from './registry.ts';

/**
 * Windows: run against recorded trees only, never yet on a real machine.
 * Nothing is started there either: the registry is read from an export that stands at
 * `registry/python.reg` of a recorded tree; on a live machine interpreters come from the walk.
 */
export const windows: Platform = {
  name: 'windows',
  isVerified: false,
  facts(systemRoot) {
    const homes = namesIn(join(systemRoot, 'Users'))
      .filter((name) => !['Public', 'Default', 'Default User', 'All Users', 'desktop.ini'].includes(name))
      .map((name) => ({ path: `/Users/${name}`, user: name }));
    return {
      platform: 'windows',
      systemRoot,
      users: {},
      homes,
      userFolders: [],
      networkMounts: [],
      leftOut: new Map(),
    };
  },
  schedules(facts) {
    const folder = join(facts.systemRoot, 'Windows', 'System32', 'Tasks');
    const tasks = readScheduleTree(folder);
    return {
      schedules: [
        ...tasks.flatMap((file) => windowsTaskSchedules(file, file.source.slice(folder.length).replaceAll('\\', '/'))),
        ...runKeySchedules(registryText(facts.systemRoot) ?? ''),
        ...startupFolders(facts).flatMap(([place, user]) => startupSchedules(place, user)),
      ],
      notes:
        fileStats(folder) === undefined
          ? ['the folder of scheduled tasks could not be read: it needs an administrator']
          : [],
    };
  },
  processes: () => ({
    processes: [],
    notes: ['running processes are not looked at on Windows: that would start a program'],
  }),
  registered(facts) {
    const text = registryText(facts.systemRoot);
    if (text === undefined)
      return {
        interpreters: [],
        references: [],
        notes: ['the registry was not asked: that would start a program; interpreters come from the walk'],
      };
    const exists = (path: string) =>
      fileStats(join(facts.systemRoot, path.replace(/^[A-Za-z]:/, '').replaceAll('\\', '/'))) !== undefined;
    const references = linuxSubsystems(text);
    return {
      interpreters: registeredInterpreters(text, exists),
      references,
      notes:
        references.length === 0
          ? []
          : [`${references.length} Linux systems inside Windows were not entered: that would start them`],
    };
  },
};

function registryText(systemRoot: string): string | undefined {
  const text = readSmallText(join(systemRoot, 'registry', 'python.reg'), 4_194_304);
  return text === undefined ? undefined : decodeText(Buffer.from(text));
}

/** Folders whose content Windows starts at sign-in. Source: documentation of the known folders Startup and CommonStartup. */
function startupFolders({ systemRoot, homes }: MachineFacts): [string, string | undefined][] {
  const programs = 'Microsoft/Windows/Start Menu/Programs';
  return [
    [join(systemRoot, 'ProgramData', programs, 'StartUp'), undefined],
    ...homes.map(({ path, user }): [string, string | undefined] => [
      join(systemRoot, path, 'AppData/Roaming', programs, 'Startup'),
      user,
    ]),
  ];
}

function startupSchedules(folder: string, user: string | undefined): ScheduleFound[] {
  return namesIn(folder).flatMap((name) => {
    const source = join(folder, name);
    const stats = fileStats(source);
    const kind = LAUNCHER_KINDS[name.slice(name.lastIndexOf('.')).toLowerCase()];
    if (stats?.isFile() !== true) return [];
    const commands = /\.pyw?$/i.test(name)
      ? [{ program: source, script: source, isInline: false, argumentCount: 0 }]
      : kind === undefined
        ? []
        : readLauncher(source, stats, kind);
    return commands.map((command) =>
      schedule({
        source,
        line: undefined,
        kind: 'autostart',
        name,
        when: 'at sign-in',
        user,
        isEnabled: true,
        command,
      }),
    );
  });
}
