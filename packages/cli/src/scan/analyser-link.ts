import { availableParallelism } from 'node:os';
import type { PackSetup } from '@sentinel/analyser';
import type { AdvisoryIndex } from '@sentinel/analyser/advisories';
import type { Analysis, Inventory, PackageInstalled, Risk, ScanReport } from '@sentinel/protocol';
import { judgeInstalled } from './judge-installed.ts';
import { packagesNear } from './packages-near.ts';

/** Facts of a script besides its text, as the analyser's risk wants them. */
export interface ScriptFacts {
  readonly isScheduled?: boolean;
  readonly isPrivileged?: boolean;
  readonly isOwnerKnown?: boolean;
  readonly isInPersonalCloud?: boolean;
}

/** The analyser as the scan uses it. */
export interface AnalyserLink {
  /** @param localModules - Modules that lie beside the source: no distributions. */
  readonly analyse: (bytes: Uint8Array, path: string, localModules: ReadonlySet<string>) => Promise<Analysis>;
  /** The analysis as company packs want it, with the versions behind it. */
  readonly settle: (analysis: Analysis, owner: string | undefined) => Analysis;
  readonly riskOf: (analysis: Analysis, facts: ScriptFacts) => Risk;
  /** Which data packages are checked against. */
  readonly advisories: NonNullable<ScanReport['advisories']>;
  /** What is wrong with what is installed; nothing without data. */
  readonly packageVerdicts: NonNullable<ScanReport['packageVerdicts']>;
  /** Sources worth having in hand at once. */
  readonly width: number;
  readonly close: () => Promise<void>;
}

const MAX_WORKERS = 2;
/** Sources in hand for each worker: it is given several small ones at once. */
const SOURCES_IN_HAND = 16;
const DAY_MS = 24 * 60 * 60 * 1000;
const STALE_DAYS = 30;

/**
 * Starts the analyser's workers, or says why there are none. It is loaded only here: it brings two engines,
 * which an inventory alone does not need.
 * @param dataFolder - Where imported advisories lie.
 * @param packSetup - Company packs to use.
 */
export async function openAnalyser(
  inventory: Pick<Inventory, 'environments' | 'packages'>,
  dataFolder: string,
  workerCount = Math.min(MAX_WORKERS, availableParallelism()),
  packSetup?: PackSetup,
): Promise<AnalyserLink | { readonly reason: string }> {
  try {
    const { AnalysisPool, judgePackages, RulePacks, riskOf } = await import('@sentinel/analyser');
    const { index, ...advisories } = await openAdvisories(dataFolder);
    const near = packagesNear(inventory);
    const packs = new RulePacks(packSetup ?? { overlays: [], today: '' });
    const allowedNames = packs.allowedDistributions;
    const pool = new AnalysisPool({ workers: workerCount, ...(packSetup === undefined ? {} : { packs: packSetup }) });
    return {
      analyse: (bytes, path, localModules) =>
        pool.analyse(bytes, {
          path,
          localModules,
          judgePackages: (uses) => judgePackages(uses, index, { installed: near(path).map(installedOf), allowedNames }),
        }),
      settle: (analysis, owner) => {
        const { dataDate }: AnalyserLink['advisories'] = advisories;
        const dated = dataDate === undefined ? analysis : { ...analysis, advisoryDate: dataDate };
        return packs.apply(dated, { path: analysis.path, ...(owner === undefined ? {} : { owner }) });
      },
      riskOf: (analysis, facts) => riskOf(analysis, facts, packs),
      advisories,
      packageVerdicts:
        index === undefined
          ? []
          : judgeInstalled(inventory.packages, (found) => {
              const installed = installedOf(found);
              const { distribution, version } = found;
              return judgePackages(
                [{ distribution, ...(version === undefined ? {} : { version }), ground: 'installed' }],
                index,
                { installed: [installed], allowedNames },
              );
            }),
      width: workerCount * SOURCES_IN_HAND,
      close: () => pool.close(),
    };
  } catch (error) {
    return { reason: `the analyser did not start: ${(error as Error).message.split('\n', 1)[0]}` };
  }
}

/** Imported advisory data, and what a reader has to know of it. */
async function openAdvisories(
  dataFolder: string,
): Promise<NonNullable<ScanReport['advisories']> & { readonly index: AdvisoryIndex | undefined }> {
  const { AdvisoryStore } = await import('@sentinel/analyser/advisories');
  const missing = (note: string) => ({ index: undefined, isImported: false, note });
  let opened: ReturnType<InstanceType<typeof AdvisoryStore>['load']>;
  try {
    opened = new AdvisoryStore(dataFolder).load();
  } catch (error) {
    return missing(`The imported advisory data cannot be used (${(error as Error).message}): no package was checked.`);
  }
  if (opened === undefined)
    return missing(
      'No advisory data is imported: packages are listed, but none was checked for known vulnerabilities or malicious names (sentinel advisories import).',
    );
  const { dataDate } = opened.manifest;
  if (dataDate === undefined)
    return {
      index: opened.index,
      isImported: true,
      note: 'Packages were checked against advisory data of unknown date.',
    };
  const ageDays = Math.max(0, Math.floor((Date.now() - Date.parse(dataDate)) / DAY_MS));
  const stale = ageDays > STALE_DAYS ? `, ${ageDays} days old: newer advisories are not in it` : '';
  return {
    index: opened.index,
    isImported: true,
    dataDate,
    note: `Packages were checked against advisory data of ${dataDate}${stale}.`,
  };
}

/** A distribution of the inventory as the judge knows it. A distributor mends old versions without a new number. */
function installedOf({ distribution, version = '', installer }: PackageInstalled) {
  const origin = installer === 'system' || installer === 'debian' || installer === 'rpm' ? 'distro' : 'index';
  return { distribution, version, origin } as const;
}
