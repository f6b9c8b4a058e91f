import { join } from 'node:path';
import { decodeText, fileStats, readSmallText } from '../classify/file-facts.ts';
import { windowsTaskSchedules } from '../schedules/windows-task.ts';
import type { Platform } from './platform.ts';
import { namesIn, readScheduleTree } from './read-tree.ts';
import { registeredInterpreters } from './registry.ts';

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
      schedules: tasks.flatMap((file) =>
        windowsTaskSchedules(file, file.source.slice(folder.length).replaceAll('\\', '/')),
      ),
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
    const text = readSmallText(join(facts.systemRoot, 'registry', 'python.reg'), 4_194_304);
    if (text === undefined)
      return {
        interpreters: [],
        notes: ['the registry was not asked: that would start a program; interpreters come from the walk'],
      };
    const exists = (path: string) =>
      fileStats(join(facts.systemRoot, path.replace(/^[A-Za-z]:/, '').replaceAll('\\', '/'))) !== undefined;
    return { interpreters: registeredInterpreters(decodeText(Buffer.from(text)), exists), notes: [] };
  },
};
