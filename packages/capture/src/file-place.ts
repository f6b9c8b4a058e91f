/** Kind of place that a file lies in. */
export type FilePlace =
  | 'personal_cloud'
  | 'company_cloud'
  | 'share'
  | 'removable'
  | 'temp'
  | 'downloads'
  | 'desktop'
  | 'documents'
  | 'home'
  | 'system'
  | 'local';

/** Where a file lies, and whose sync client takes it elsewhere. */
export interface PlaceFacts {
  readonly place: FilePlace;
  readonly provider: string | undefined;
}

interface Folder {
  readonly pattern: RegExp;
  readonly place: FilePlace;
  readonly provider?: string;
}

/**
 * Folders of sync clients, matched against a path with forward slashes. The first that matches holds. A client's
 * folder may be moved and renamed: what is not named after it is not recognised.
 *
 * Source: https://learn.microsoft.com/sharepoint/ideal-state-configuration ("OneDrive - <tenant>"; libraries lie in a folder
 * named after the tenant), https://help.dropbox.com/sync/check-dropbox-folder-location, https://support.google.com/drive/answer/10838124,
 * https://developer.apple.com/documentation/fileprovider (`~/Library/CloudStorage/<provider>-<account>`).
 */
const CLOUD: readonly Folder[] = [
  {
    pattern: /\/(?:OneDrive - (?!Personal(?:\/|$))|CloudStorage\/OneDrive-(?!Personal(?:\/|$)))/i,
    place: 'company_cloud',
    provider: 'onedrive',
  },
  {
    pattern: /\/(?:OneDrive(?: - Personal)?|CloudStorage\/OneDrive-Personal)(?:\/|$)/i,
    place: 'personal_cloud',
    provider: 'onedrive',
  },
  {
    pattern: /\/(?:SharePoint(?: - [^/]*)?|CloudStorage\/SharePoint-[^/]*)(?:\/|$)/i,
    place: 'company_cloud',
    provider: 'sharepoint',
  },
  {
    pattern: /\/[^/]+ - (?:Documents|Dokumente|General|Shared Documents)(?:\/|$)/,
    place: 'company_cloud',
    provider: 'sharepoint',
  },
  { pattern: /\/Dropbox \((?!Personal)[^/]*\)(?:\/|$)/i, place: 'company_cloud', provider: 'dropbox' },
  {
    pattern: /\/(?:Dropbox(?: \(Personal\))?|CloudStorage\/Dropbox[^/]*)(?:\/|$)/i,
    place: 'personal_cloud',
    provider: 'dropbox',
  },
  { pattern: /\/(?:Shared drives|Geteilte Ablagen)(?:\/|$)/, place: 'company_cloud', provider: 'google_drive' },
  {
    pattern: /\/(?:Google ?Drive|GoogleDrive|My Drive|Meine Ablage|CloudStorage\/GoogleDrive-[^/]*)(?:\/|$)/i,
    place: 'personal_cloud',
    provider: 'google_drive',
  },
  { pattern: /^[G-J]:\/My Drive(?:\/|$)/i, place: 'personal_cloud', provider: 'google_drive' },
  {
    pattern: /\/(?:iCloud ?Drive|Mobile Documents\/com~apple~CloudDocs|Library\/Mobile Documents)(?:\/|$)/i,
    place: 'personal_cloud',
    provider: 'icloud',
  },
  { pattern: /\/(?:Box(?: Sync)?|CloudStorage\/Box-[^/]*)(?:\/|$)/, place: 'company_cloud', provider: 'box' },
  { pattern: /\/(?:Nextcloud|ownCloud)(?:\/|$)/i, place: 'company_cloud', provider: 'nextcloud' },
  {
    pattern: /\/(?:MEGA|MEGAsync|pCloud ?Drive|Proton ?Drive|Sync\.com|Yandex\.Disk|Tresorit)(?:\/|$)/i,
    place: 'personal_cloud',
    provider: 'other',
  },
];

const WINDOWS_HOME = /^[A-Z]:\/(?:Users|Documents and Settings)\/[^/]+/i;
const UNIX_HOME = /^\/(?:home|Users)\/[^/]+|^\/root(?=\/|$)/;

const PLACES: readonly Folder[] = [
  { pattern: /^\/\/(?![?.]\/)[^/]+\/|^\/\/\?\/UNC\//i, place: 'share' },
  { pattern: /^\/(?:net|nfs|cifs|smb|run\/user\/\d+\/gvfs)\/|^\/mnt\/(?:nfs|smb|cifs|share)[^/]*\//i, place: 'share' },
  { pattern: /^\/(?:media|run\/media)\/[^/]+\//, place: 'removable' },
  { pattern: /^(?:\/tmp|\/var\/tmp|\/dev\/shm|\/private\/tmp|\/(?:private\/)?var\/folders)(?:\/|$)/, place: 'temp' },
  { pattern: /^[A-Z]:\/(?:Windows\/Temp|Temp)(?:\/|$)|\/AppData\/Local\/Temp(?:\/|$)/i, place: 'temp' },
];

/** Network volumes and sticks of macOS are both mounted here; the system's own volume is not. */
const MAC_VOLUME = /^\/Volumes\/(?!Macintosh HD(?:\/|$))[^/]+/;
const HOME_FOLDERS: readonly Folder[] = [
  { pattern: /^\/(?:Downloads|Téléchargements)(?:\/|$)/i, place: 'downloads' },
  { pattern: /^\/(?:Desktop|Schreibtisch|Bureau)(?:\/|$)/i, place: 'desktop' },
  { pattern: /^\/(?:Documents|My Documents|Dokumente)(?:\/|$)/i, place: 'documents' },
];
const SYSTEM =
  /^(?:\/(?:bin|boot|dev|etc|lib|lib32|lib64|opt|proc|sbin|sys|usr|var|System|Library|Applications|private\/etc|private\/var)(?:\/|$)|[A-Z]:\/(?:Windows|Program Files(?: \(x86\))?|ProgramData)(?:\/|$))/i;

/**
 * Where a file lies, from its path alone: nothing is looked up, so a link or a mapped drive letter is not seen through.
 * @returns undefined for what is no absolute path.
 */
export function filePlace(path: string): PlaceFacts | undefined {
  const text = path.replaceAll('\\', '/');
  const home = WINDOWS_HOME.exec(text)?.[0] ?? UNIX_HOME.exec(text)?.[0];
  if (!(text.startsWith('/') || /^[A-Z]:\//i.test(text))) return undefined;
  const cloud = CLOUD.find(({ pattern }) => pattern.test(text));
  if (cloud !== undefined) return { place: cloud.place, provider: cloud.provider };
  const place =
    PLACES.find(({ pattern }) => pattern.test(text))?.place ??
    (MAC_VOLUME.test(text) ? 'removable' : undefined) ??
    (home === undefined ? undefined : placeInHome(text.slice(home.length))) ??
    (SYSTEM.test(text) ? 'system' : 'local');
  return { place, provider: undefined };
}

function placeInHome(rest: string): FilePlace {
  return HOME_FOLDERS.find(({ pattern }) => pattern.test(rest))?.place ?? 'home';
}
