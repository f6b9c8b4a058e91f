import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { cronSchedules } from '../schedules/cron.ts';
import { launchdSchedules } from '../schedules/launchd.ts';
import type { Platform } from './platform.ts';
import { namesIn, pythonFileTest, readScheduleFolder } from './read-tree.ts';

/** macOS: run against recorded trees only, never yet on a real machine. */
export const macos: Platform = {
  name: 'macos',
  isVerified: false,
  facts(systemRoot) {
    const isRecorded = systemRoot !== '/';
    const homes = namesIn(join(systemRoot, 'Users'))
      .filter((name) => !name.startsWith('.') && name !== 'Shared')
      .map((name) => ({ path: `/Users/${name}`, user: name }));
    const own = userInfo();
    return {
      platform: 'macos',
      systemRoot,
      users: isRecorded ? {} : { [own.uid]: own.username },
      homes: homes.length > 0 || isRecorded ? homes : [{ path: homedir(), user: own.username }],
      userFolders: [],
      networkMounts: [],
      // Firmlinks: the data volume shows every file a second time.
      leftOut: isRecorded
        ? new Map()
        : new Map([
            ['/System/Volumes/Data', 'same-device'],
            ['/dev', 'pseudo'],
          ]),
    };
  },
  schedules(facts) {
    const { systemRoot: root, homes } = facts;
    const isPython = pythonFileTest(root);
    const places: [string, string | undefined][] = [
      ['Library/LaunchDaemons', 'root'],
      ['Library/LaunchAgents', undefined],
      ['System/Library/LaunchDaemons', 'root'],
      ['System/Library/LaunchAgents', undefined],
      ...homes.map(({ path, user }): [string, string] => [`${path.slice(1)}/Library/LaunchAgents`, user]),
    ];
    const files = places.flatMap(([folder, user]) =>
      readScheduleFolder(join(root, folder), (name) => name.endsWith('.plist')).map((file) => ({ file, user })),
    );
    const binary = files.filter(({ file }) => file.text.startsWith('bplist')).length;
    return {
      schedules: [
        ...files.flatMap(({ file, user }) => launchdSchedules(file, isPython, user)),
        ...readScheduleFolder(join(root, 'usr/lib/cron/tabs')).flatMap((file) =>
          cronSchedules(file, false, isPython, file.source.slice(file.source.lastIndexOf('/') + 1)),
        ),
      ],
      notes: binary === 0 ? [] : [`${binary} binary property lists of launchd were not read`],
    };
  },
  processes: () => ({
    processes: [],
    notes: ['running processes are not looked at on macOS: that would start a program'],
  }),
  registered: () => ({ interpreters: [], references: [], notes: [] }),
};
