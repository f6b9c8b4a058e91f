import type { PlaceFound } from '@sentinel/protocol';
import type { MachineFacts } from '../machine-facts.ts';
import type { RepositoryFacts } from '../walk/folder-task.ts';
import { plainPath } from '../walk/pruning.ts';

/**
 * A sync folder by its name, spelt as the clients spell it: a module for a service is called dropbox as well. Source: vendors'
 * documentation of where their clients put files.
 */
const SYNC_FOLDERS: readonly (readonly [RegExp, (name: string) => Pick<PlaceFound, 'label' | 'isPersonalCloud'>])[] = [
  [/^OneDrive(?: - Personal)?$/, () => ({ label: 'OneDrive (personal)', isPersonalCloud: true })],
  [/^OneDrive-Personal$/, () => ({ label: 'OneDrive (personal)', isPersonalCloud: true })],
  [/^OneDrive ?- ?(.+)$/, (name) => ({ label: name, isPersonalCloud: false })],
  [/^Dropbox(?: \(Personal\))?$/, () => ({ label: 'Dropbox', isPersonalCloud: true })],
  [/^Dropbox \((.+)\)$/, (name) => ({ label: name, isPersonalCloud: false })],
  [/^(?:Google ?Drive|GoogleDrive-.*|My Drive)$/, () => ({ label: 'Google Drive' })],
  [
    /^(?:iCloud ?Drive|Mobile Documents|com~apple~CloudDocs)$/,
    () => ({ label: 'iCloud Drive', isPersonalCloud: true }),
  ],
  [/^(?:Box|Box Sync)$/, () => ({ label: 'Box' })],
  [/^(?:Nextcloud|ownCloud)$/, (name) => ({ label: name })],
  [/^(?:pCloudDrive|pCloud Drive|MEGA|MEGAsync)$/, (name) => ({ label: name, isPersonalCloud: true })],
  [/^SynologyDrive$/, (name) => ({ label: name })],
];

/** Names of folders that every desktop has. Localised names come from the user's own settings. */
const WELL_KNOWN: Readonly<Record<string, 'desktop' | 'documents' | 'downloads'>> = {
  Desktop: 'desktop',
  Documents: 'documents',
  'My Documents': 'documents',
  Downloads: 'downloads',
};

const TEMPORARY = /(?:^|\/)(?:tmp|Temp|temp)(?:\/|$)/;
const REMOVABLE = /^\/(?:media|run\/media|Volumes)\/[^/]/;

/** What sort of place a folder is: the most telling answer wins, a sync folder before a desktop inside it. */
export function placeOf(folder: string, machine: MachineFacts, repository?: RepositoryFacts): PlaceFound {
  const inside = withoutRoot(folder, machine.systemRoot);
  if (inside.startsWith('//') || machine.networkMounts.some((mount) => isUnder(inside, mount)))
    return { class: 'share' };
  const parts = inside.split('/');
  // Inside a repository such a name is one of its modules, not where a client puts files.
  const outside =
    repository === undefined ? parts.length : withoutRoot(repository.root, machine.systemRoot).split('/').length;
  for (const part of parts.slice(0, outside)) {
    for (const [pattern, facts] of SYNC_FOLDERS) {
      if (pattern.test(part)) return { class: 'sync-folder', ...facts(part) };
    }
  }
  const repositoryFacts =
    repository === undefined
      ? {}
      : { label: repository.root.slice(repository.root.lastIndexOf('/') + 1), hasRemote: repository.hasRemote };
  const userFolder = machine.userFolders.find(({ path }) => isUnder(inside, path));
  if (userFolder !== undefined) return { class: userFolder.class, ...repositoryFacts };
  const home = machine.homes.find(({ path }) => path !== '/' && isUnder(inside, path));
  const known = parts.find((part) => Object.hasOwn(WELL_KNOWN, part));
  if (known !== undefined) return { class: WELL_KNOWN[known] ?? 'documents', ...repositoryFacts };
  if (repository !== undefined) return { class: 'repository', ...repositoryFacts };
  if (home !== undefined) return { class: 'home' };
  if (REMOVABLE.test(inside)) return { class: 'removable' };
  if (TEMPORARY.test(inside)) return { class: 'temporary' };
  return { class: 'other' };
}

/** Path as the machine itself sees it: forward slashes, without the folder that a tree was recorded in. */
export function withoutRoot(path: string, systemRoot: string): string {
  const plain = plainPath(path);
  if (systemRoot === '/' || systemRoot === '') return plain;
  return plain.startsWith(`${systemRoot}/`) ? plain.slice(systemRoot.length) : plain;
}

/** Whether a path is a folder or lies in it. */
export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
