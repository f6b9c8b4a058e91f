import assert from 'node:assert/strict';
import { it } from 'node:test';
import { filePlace } from './file-place.ts';

const CASES: Readonly<Record<string, string>> = {
  'C:\\Users\\ada\\OneDrive - Contoso Ltd\\Reports\\a.xlsx': 'company_cloud onedrive',
  'C:\\Users\\ada\\OneDrive - Personal\\a.xlsx': 'personal_cloud onedrive',
  'C:\\Users\\ada\\OneDrive\\private\\a.xlsx': 'personal_cloud onedrive',
  'C:\\Users\\ada\\Contoso\\Sales - Documents\\a.xlsx': 'company_cloud sharepoint',
  'C:\\Users\\ada\\Dropbox\\a.csv': 'personal_cloud dropbox',
  'C:\\Users\\ada\\Dropbox (Contoso)\\a.csv': 'company_cloud dropbox',
  'G:\\My Drive\\a.csv': 'personal_cloud google_drive',
  'G:\\Shared drives\\Finance\\a.csv': 'company_cloud google_drive',
  'C:\\Users\\ada\\iCloudDrive\\a.csv': 'personal_cloud icloud',
  'C:\\Users\\ada\\Box\\a.csv': 'company_cloud box',
  '\\\\fileserver\\finance\\a.xlsx': 'share',
  '\\\\?\\UNC\\fileserver\\finance\\a.xlsx': 'share',
  'C:\\Users\\ada\\Downloads\\a.exe': 'downloads',
  'C:\\Users\\ada\\Desktop\\a.txt': 'desktop',
  'C:\\Users\\ada\\Documents\\a.txt': 'documents',
  'C:\\Users\\ada\\AppData\\Local\\Temp\\x': 'temp',
  'C:\\Users\\ada\\source\\a.py': 'home',
  'C:\\Windows\\System32\\drivers\\etc\\hosts': 'system',
  'D:\\data\\a.csv': 'local',
  '/Users/ada/Library/CloudStorage/OneDrive-Contoso/a.xlsx': 'company_cloud onedrive',
  '/Users/ada/Library/CloudStorage/OneDrive-Personal/a.xlsx': 'personal_cloud onedrive',
  '/Users/ada/Library/CloudStorage/GoogleDrive-ada@example.org/My Drive/a': 'personal_cloud google_drive',
  '/Users/ada/Library/CloudStorage/Dropbox/a': 'personal_cloud dropbox',
  '/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/a': 'personal_cloud icloud',
  '/Volumes/STICK/a': 'removable',
  '/Users/ada/Desktop/a': 'desktop',
  '/private/var/folders/xy/T/a': 'temp',
  '/home/ada/Dropbox/a': 'personal_cloud dropbox',
  '/home/ada/Nextcloud/a': 'company_cloud nextcloud',
  '/home/ada/Downloads/a.sh': 'downloads',
  '/home/ada/project/a.py': 'home',
  '/root/a': 'home',
  '/run/user/1000/gvfs/smb-share:server=x,share=y/a': 'share',
  '/mnt/share/finance/a': 'share',
  '/media/ada/STICK/a': 'removable',
  '/tmp/a': 'temp',
  '/etc/passwd': 'system',
  '/srv/data/a': 'local',
  '/srv/boxes/a': 'local',
  '/data/OneDriveExport/a': 'local',
};

it('tells the place of a file from its path, in the styles of Windows, macOS and Linux', () => {
  const found = Object.fromEntries(
    Object.keys(CASES).map((path) => {
      const facts = filePlace(path);
      return [path, [facts?.place, facts?.provider].filter((part) => part !== undefined).join(' ')];
    }),
  );
  assert.deepEqual(found, CASES);
});

it('says nothing of what is no absolute path', () => {
  assert.equal(filePlace('s3://bucket'), undefined);
  assert.equal(filePlace('a/b'), undefined);
});
