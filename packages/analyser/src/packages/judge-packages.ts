import type { PackageUse, PackageVerdict } from '@sentinel/protocol';
import type { AdvisoryIndex } from '../advisories/advisory-index.ts';
import { normaliseName } from '../advisories/distribution-name.ts';
import type { InstalledDistribution } from './installed-distribution.ts';

/** What is known beside the advisories. */
export interface JudgeOptions {
  /** What the interpreter has: gives versions to imports and tells what a distributor maintains. */
  readonly installed?: readonly InstalledDistribution[];
  /** Names of the company's own index, and others that are fine. */
  readonly allowedNames?: ReadonlySet<string>;
}

/**
 * What is wrong with the packages in use, each distribution and version once. Without advisory data there is no verdict
 * on anything, and the caller has to say so.
 */
export function judgePackages(
  uses: readonly PackageUse[],
  index: AdvisoryIndex | undefined,
  options: JudgeOptions = {},
): PackageVerdict[] {
  if (index === undefined) return [];
  const installed = new Map((options.installed ?? []).map((known) => [known.distribution, known]));
  const allowed = new Set([...(options.allowedNames ?? [])].map(normaliseName));
  const verdicts = new Map<string, PackageVerdict>();
  const add = (verdict: PackageVerdict | undefined) => {
    if (verdict === undefined) return false;
    verdicts.set(`${verdict.kind} ${verdict.distribution} ${verdict.version ?? ''}`, verdict);
    return true;
  };
  for (const { distribution, version: written, ground } of uses) {
    const present = installed.get(distribution);
    const version = written ?? present?.version;
    // A distributor mends an old version under the same number: only the distributor's data could tell.
    const isDistro = present?.origin === 'distro' && (written === undefined || written === present.version);
    if (version !== undefined && !isDistro) add(index.vulnerable(distribution, version));
    if (add(index.malicious(distribution, version)) || allowed.has(distribution)) continue;
    if (isDistro || add(index.squat(distribution))) continue;
    // What is installed exists; a name that nobody knows is a sign where it is only asked for.
    if (present === undefined && ground !== 'installed') add(index.unknownName(distribution));
  }
  return [...verdicts.values()];
}
