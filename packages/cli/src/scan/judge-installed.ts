import type { InstalledVerdict, PackageInstalled, PackageVerdict } from '@sentinel/protocol';

const KINDS = ['malicious', 'squat', 'vulnerable', 'unknown-name'] as const;
const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** Verdicts on what is installed, each distribution and version once, the worst first. */
export function judgeInstalled(
  packages: readonly PackageInstalled[],
  judge: (found: PackageInstalled) => readonly PackageVerdict[],
): InstalledVerdict[] {
  const same = new Map<string, { found: PackageInstalled; sites: Set<string> }>();
  for (const found of packages) {
    // Names of the conda family are not those of the index that advisories speak of; own sources have no advisory.
    if (found.installer === 'conda' || found.isEditable === true) continue;
    const key = `${found.distribution} ${found.version ?? ''} ${found.installer === 'system'}`;
    const known = same.get(key);
    if (known === undefined) same.set(key, { found, sites: new Set([found.site]) });
    else known.sites.add(found.site);
  }
  return [...same.values()]
    .flatMap(({ found, sites }) => judge(found).map((verdict) => ({ ...verdict, sites: [...sites].sort() })))
    .sort(
      (a, b) =>
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        (a.distribution < b.distribution ? -1 : 1),
    );
}
