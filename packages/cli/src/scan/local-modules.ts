import type { ScriptFound } from '@sentinel/protocol';

const NONE: ReadonlySet<string> = new Set();

/** Modules that people wrote, by the folder that they can be imported from. */
export function localModules(scripts: readonly Pick<ScriptFound, 'path'>[]): (path: string) => ReadonlySet<string> {
  const byFolder = new Map<string, Set<string>>();
  const add = (folder: string, name: string) => {
    const names = byFolder.get(folder);
    if (names === undefined) byFolder.set(folder, new Set([name]));
    else names.add(name);
  };
  for (const { path } of scripts) {
    const folder = folderOf(path);
    const name = path.slice(folder.length + 1).replace(/\.pyw?$/i, '');
    add(folder, name);
    // A folder with sources is a package for what lies beside it, with or without __init__.py.
    add(folderOf(folder), folder.slice(folderOf(folder).length + 1));
  }
  return (path) => {
    const own = byFolder.get(folderOf(path)) ?? NONE;
    // Modules of a package are often imported from the folder above it.
    const above = byFolder.get(folderOf(folderOf(path)));
    return above === undefined ? own : new Set([...own, ...above]);
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
}
