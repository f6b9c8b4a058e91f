import { normaliseName } from '../advisories/distribution-name.ts';

/** A distribution that an interpreter has. */
export interface InstalledDistribution {
  /** Normalised. */
  readonly distribution: string;
  readonly version: string;
  /** Who put it there: a distributor mends old versions without a new number. */
  readonly origin: 'index' | 'distro' | 'unknown';
}

/** Names that distributors' package managers leave in INSTALLER. */
const DISTRO_INSTALLERS = /^(?:debian|apt|dpkg|rpm|dnf|yum|pacman|apk|portage|zypper)$/i;
/** Folders that belong to the distributor. Source: https://wiki.debian.org/Python, Fedora's packaging guide */
const DISTRO_FOLDERS =
  /^\/usr\/(?:lib\/python3\/dist-packages|lib\/python3\.\d+\/dist-packages|lib(?:64)?\/python[\d.]+\/site-packages|share\/)/;

/**
 * A distribution by its METADATA or PKG-INFO file; undefined without name and version.
 *
 * Source: https://packaging.python.org/en/latest/specifications/core-metadata/
 *
 * @param installer Content of the INSTALLER file, where there is one.
 * @param folder Folder that holds the metadata, where known.
 */
export function readInstalledDistribution(
  metadata: string,
  installer?: string,
  folder?: string,
): InstalledDistribution | undefined {
  const head = metadata.slice(0, 20_000).split(/\r?\n\r?\n/, 1)[0] ?? '';
  const name = /^Name:[ \t]*(\S+)/im.exec(head)?.[1];
  const version = /^Version:[ \t]*(\S+)/im.exec(head)?.[1];
  if (name === undefined || version === undefined) return undefined;
  return { distribution: normaliseName(name), version, origin: originOf(installer?.trim(), folder) };
}

function originOf(installer: string | undefined, folder: string | undefined): InstalledDistribution['origin'] {
  if (installer !== undefined && DISTRO_INSTALLERS.test(installer)) return 'distro';
  if (folder !== undefined && DISTRO_FOLDERS.test(folder.replaceAll('\\', '/'))) return 'distro';
  return installer === undefined || installer === '' ? 'unknown' : 'index';
}
