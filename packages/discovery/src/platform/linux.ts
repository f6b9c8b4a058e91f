import { join } from 'node:path';
import { readSmallText } from '../classify/file-facts.ts';
import type { MachineFacts } from '../machine-facts.ts';
import { linuxProcesses } from '../processes/linux.ts';
import { anacronSchedules, cronSchedules, scriptSchedules } from '../schedules/cron.ts';
import { systemdSchedules } from '../schedules/systemd.ts';
import type { ScheduleFile } from '../schedules/when-command.ts';
import { mountsToLeaveOut, networkMounts, parseMountInfo } from '../walk/mounts.ts';
import type { Platform } from './platform.ts';
import { namesIn, pythonFileTest, readScheduleFile, readScheduleFolder } from './read-tree.ts';

/** Linux: accounts from `etc/passwd`, mounts and processes from `proc`. */
export const linux: Platform = {
  name: 'linux',
  isVerified: true,
  facts(systemRoot, roots, takesNetwork) {
    const accounts = parsePasswd(readSmallText(join(systemRoot, 'etc/passwd'), 4_194_304) ?? '');
    // A recorded tree has no mounts of its own.
    const mounts = systemRoot === '/' ? parseMountInfo(readSmallProc('/proc/self/mountinfo')) : [];
    const homes = accounts
      .map(({ home, name }) => ({ path: home, user: name }))
      .filter(({ path }) => path !== '/' && path !== '');
    return {
      platform: 'linux',
      systemRoot,
      users: Object.fromEntries(accounts.map(({ uid, name }) => [uid, name])),
      homes,
      userFolders: homes.flatMap(({ path }) => userFolders(join(systemRoot, path), path)),
      networkMounts: networkMounts(mounts),
      leftOut: mountsToLeaveOut(mounts, takesNetwork, roots),
    };
  },
  schedules(facts) {
    const { systemRoot: root } = facts;
    const isPython = pythonFileTest(root);
    const personal = ['var/spool/cron/crontabs', 'var/spool/cron', 'var/at/tabs'].flatMap((folder) =>
      readScheduleFolder(join(root, folder)),
    );
    const periods = ['hourly', 'daily', 'weekly', 'monthly'] as const;
    const schedules = [
      ...[...readScheduleFile(join(root, 'etc/crontab')), ...readScheduleFolder(join(root, 'etc/cron.d'))].flatMap(
        (file) => cronSchedules(file, true, isPython),
      ),
      ...personal.flatMap((file) =>
        cronSchedules(file, false, isPython, file.source.slice(file.source.lastIndexOf('/') + 1)),
      ),
      ...readScheduleFile(join(root, 'etc/anacrontab')).flatMap((file) => anacronSchedules(file, isPython)),
      ...periods.flatMap((period) =>
        readScheduleFolder(join(root, `etc/cron.${period}`)).flatMap((file) =>
          scriptSchedules(file, 'cron', period, isPython, 'root'),
        ),
      ),
      ...['var/spool/cron/atjobs', 'var/spool/at'].flatMap((folder) =>
        readScheduleFolder(join(root, folder), (name) => /^[a-z=][0-9a-f]{5}/i.test(name)).flatMap((file) =>
          scriptSchedules(file, 'at', 'once', isPython),
        ),
      ),
      ...systemdSchedules(...systemUnits(root), isPython),
      ...facts.homes.flatMap(({ path, user }) => {
        const folder = join(root, path, '.config/systemd/user');
        return systemdSchedules(...unitsOf([folder]), isPython, user);
      }),
      ...[
        join(root, 'etc/xdg/autostart'),
        ...facts.homes.map(({ path }) => join(root, path, '.config/autostart')),
      ].flatMap(autostart),
    ];
    return { schedules, notes: [] };
  },
  processes: (facts) => linuxProcesses(join(facts.systemRoot, 'proc'), facts),
  registered: () => ({ interpreters: [], references: [], notes: [] }),
};

/** Source: passwd(5). */
export function parsePasswd(text: string): { name: string; uid: number; home: string }[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, , , home] = line.split(':');
    return name === undefined || uid === undefined || home === undefined ? [] : [{ name, uid: Number(uid), home }];
  });
}

/** Folders that a user's desktop calls by other names. Source: xdg-user-dirs. */
function userFolders(home: string, asSeen: string): MachineFacts['userFolders'] {
  const text = readSmallText(join(home, '.config/user-dirs.dirs')) ?? '';
  const classes = { DESKTOP: 'desktop', DOCUMENTS: 'documents', DOWNLOAD: 'downloads' } as const;
  return Object.entries(classes).flatMap(([key, kind]) => {
    const value = new RegExp(`^XDG_${key}_DIR="([^"]+)"`, 'm').exec(text)?.[1];
    const path = value?.replace('$HOME', asSeen).replace(/\/$/, '');
    return path === undefined || path === asSeen ? [] : [{ path, class: kind }];
  });
}

function systemUnits(root: string): [ScheduleFile[], Set<string>] {
  // What stands in /etc replaces what the distribution ships.
  return unitsOf(
    [
      'usr/lib/systemd/system',
      'lib/systemd/system',
      'usr/local/lib/systemd/system',
      'etc/systemd/system',
      'usr/lib/systemd/user',
      'etc/systemd/user',
    ].map((folder) => join(root, folder)),
  );
}

function unitsOf(folders: readonly string[]): [ScheduleFile[], Set<string>] {
  const files = new Map<string, ScheduleFile>();
  const enabled = new Set<string>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      if (name.endsWith('.wants')) for (const wanted of namesIn(join(folder, name))) enabled.add(wanted);
      else if (/\.(?:timer|service)$/.test(name))
        for (const file of readScheduleFile(join(folder, name))) files.set(name, file);
    }
  }
  return [[...files.values()], enabled];
}

function autostart(folder: string): ReturnType<typeof cronSchedules> {
  return readScheduleFolder(folder, (name) => name.endsWith('.desktop')).flatMap(({ source, text }) => {
    const exec = /^Exec\s*=(.+)$/m.exec(text)?.[1] ?? '';
    return cronSchedules({ source, text: `@signin ${exec}` }, false, () => false).map(({ line: _line, ...found }) => ({
      ...found,
      kind: 'autostart' as const,
      when: 'at sign-in',
      isEnabled: !/^Hidden\s*=\s*true/m.test(text),
    }));
  });
}

function readSmallProc(path: string): string {
  return readSmallText(path, Number.MAX_SAFE_INTEGER) ?? '';
}
