import { homedir } from 'node:os';

/** A path with the home folder as `~`. */
export function shortPath(path: string): string {
  const home = homedir();
  return home.length > 1 && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
}
