import type { Inventory, PackageInstalled } from '@sentinel/protocol';

const NONE: readonly PackageInstalled[] = [];

/** What a script can import from the environment of its own project; nothing where it has none. */
export function packagesNear({
  environments,
  packages,
}: Pick<Inventory, 'environments' | 'packages'>): (path: string) => readonly PackageInstalled[] {
  const byProject = new Map<string, PackageInstalled[]>();
  for (const { prefix, project } of environments) {
    const inside = packages.filter(({ site }) => site === prefix || site.startsWith(`${prefix}${separatorOf(prefix)}`));
    if (inside.length > 0) byProject.set(project ?? folderOf(prefix), inside);
  }
  return (path) => {
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      const found = byProject.get(folder);
      if (found !== undefined) return found;
    }
    return NONE;
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
}

function separatorOf(path: string): string {
  return path.includes('\\') ? '\\' : '/';
}
