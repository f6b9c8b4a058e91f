import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of the lock file. */
export interface LockedPackage {
  /** Place in the tree, such as `node_modules/zod`. */
  readonly place: string;
  readonly name: string;
  readonly version: string;
  readonly integrity: string | undefined;
  /** SPDX expression, from the lock file or from the package where it is installed. */
  readonly license: string | undefined;
  /** Only for work on the product, not part of it. */
  readonly isDev: boolean;
  readonly isOptional: boolean;
  readonly hasInstallScript: boolean;
  /** Places of the packages that it needs and that are there. */
  readonly needs: readonly string[];
}

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly name?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What a lock file of npm says. */
export interface Lock {
  readonly packages: readonly LockedPackage[];
  /** Dependencies as our own packages name them: package, dependency, version. */
  readonly own: readonly { readonly place: string; readonly dependency: string; readonly wanted: string }[];
}

/** Reads the lock file of a folder. Source: npm, package-lock.json, lockfileVersion 3. */
export function readLock(root: string): Lock {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Entry>>;
  };
  const isForeign = (place: string, { link }: Entry) => /(?:^|\/)node_modules\//.test(place) && link !== true;
  const entries = Object.entries(packages);
  return {
    packages: entries
      .filter(([place, entry]) => isForeign(place, entry))
      .map(([place, entry]) => ({
        place,
        name: entry.name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
        version: entry.version ?? '',
        integrity: entry.integrity,
        license: entry.license ?? licenseOf(join(root, place)),
        isDev: entry.dev === true,
        isOptional: entry.optional === true,
        hasInstallScript: entry.hasInstallScript === true,
        needs: Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }).flatMap(
          (name) => placeOf(packages, place, name) ?? [],
        ),
      })),
    own: entries
      .filter(([place, entry]) => !isForeign(place, entry) && entry.link !== true)
      .flatMap(([place, entry]) =>
        Object.entries({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies }).map(
          ([dependency, wanted]) => ({ place: place === '' ? '.' : place, dependency, wanted }),
        ),
      ),
  };
}

/** Where Node finds a package from a place: beside it, or above. */
function placeOf(packages: Readonly<Record<string, Entry>>, from: string, name: string): string | undefined {
  for (let folder = from; ; ) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (folder === '') return undefined;
    folder = folder.includes('/node_modules/') ? folder.slice(0, folder.lastIndexOf('/node_modules/')) : '';
  }
}

function licenseOf(folder: string): string | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  const { license, licenses } = JSON.parse(readFileSync(path, 'utf8')) as {
    license?: string | { type?: string };
    licenses?: readonly { type?: string }[];
  };
  return typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type);
}
