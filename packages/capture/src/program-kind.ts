/** Kind of a program. */
export type ProgramKind = 'shell' | 'python' | 'installer' | 'browser' | 'office' | 'transfer' | 'archive';

const NAMES: Readonly<Record<ProgramKind, readonly string[]>> = {
  shell: [
    'sh',
    'bash',
    'dash',
    'zsh',
    'ksh',
    'fish',
    'csh',
    'tcsh',
    'busybox',
    'cmd',
    'powershell',
    'pwsh',
    'wscript',
    'cscript',
    'mshta',
    'osascript',
  ],
  python: ['python', 'pythonw', 'py', 'pypy', 'ipython', 'jupyter'],
  installer: [
    'pip',
    'uv',
    'uvx',
    'pipx',
    'poetry',
    'pdm',
    'conda',
    'mamba',
    'micromamba',
    'npm',
    'npx',
    'apt',
    'apt-get',
    'dnf',
    'yum',
    'brew',
    'choco',
    'winget',
    'msiexec',
  ],
  browser: [
    'chrome',
    'google-chrome',
    'chromium',
    'chromedriver',
    'msedge',
    'msedgedriver',
    'firefox',
    'geckodriver',
    'safari',
    'opera',
    'brave',
    'iexplore',
  ],
  office: [
    'excel',
    'winword',
    'powerpnt',
    'outlook',
    'msaccess',
    'onenote',
    'soffice',
    'libreoffice',
    'localc',
    'saplogon',
    'sapgui',
    'acrobat',
    'acrord32',
  ],
  transfer: [
    'curl',
    'wget',
    'scp',
    'sftp',
    'ssh',
    'plink',
    'pscp',
    'putty',
    'ftp',
    'rsync',
    'rclone',
    'aws',
    'az',
    'gsutil',
    'gcloud',
    'azcopy',
    'certutil',
    'bitsadmin',
    'nc',
    'ncat',
  ],
  archive: ['tar', 'zip', 'unzip', '7z', '7za', 'rar', 'winrar', 'gzip', 'makecab'],
};

const KINDS = new Map(
  Object.entries(NAMES).flatMap(([kind, names]) => names.map((name) => [name, kind as ProgramKind] as const)),
);

/**
 * Kind of a program by its file name, whatever its ending and version.
 * @returns undefined for a name that says nothing.
 */
export function programKind(name: string): ProgramKind | undefined {
  const bare = name.toLowerCase().replace(/\.(?:exe|com|bat|cmd)$/, '');
  return KINDS.get(bare) ?? KINDS.get(bare.replace(/[-\d.]+$/, ''));
}
