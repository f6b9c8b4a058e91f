import type { ObservedActivity } from '@sentinel/protocol';

/** Where a distributor's packages lie. Source: Debian Python Policy, Fedora's packaging guide. */
const DISTRO_FOLDER = /^\/usr\/lib(?:64)?\/python3(?:\.\d+)?\//;

/** Paths of the files that a run opened. */
export function openedPaths(activities: readonly ObservedActivity[]): string[] {
  return activities.flatMap(({ type, attributes }) => {
    const path = attributes['file.path'];
    return type === 'file.open' && typeof path === 'string' ? path : [];
  });
}

/** Distributions that a run imported, but for a distributor's: it mends an old version under the same number. */
export function importedDistributions(activities: readonly ObservedActivity[]): Set<string> {
  return new Set(
    activities.flatMap(({ type, attributes }) => {
      const name = attributes['sentinel.distribution.name'];
      const isDistro = DISTRO_FOLDER.test(String(attributes['sentinel.module.path'] ?? ''));
      return type === 'module.import' && typeof name === 'string' && !isDistro ? name : [];
    }),
  );
}
