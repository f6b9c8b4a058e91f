import type { PackageVerdict, Severity } from '@sentinel/protocol';
import type { Advisory, AdvisoryData } from './advisory-data.ts';
import { normaliseName } from './distribution-name.ts';
import { SquatTest } from './squat-test.ts';
import { isWholeRange, VersionMatcher } from './version-matcher.ts';
import { compareVersions, type OrderedVersion, orderedVersion } from './version-order.ts';

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** An advisory ready to be asked. */
interface Known extends Advisory {
  readonly matcher: VersionMatcher;
}

/** Answers questions on packages from advisory data. */
export class AdvisoryIndex {
  readonly #packages: ReadonlyMap<string, readonly Known[]>;
  readonly #names: ReadonlySet<string>;
  readonly #squats: SquatTest;
  readonly dates: AdvisoryData['dates'];

  constructor(data: AdvisoryData) {
    this.#packages = new Map(
      Object.entries(data.packages).map(([name, advisories]) => [
        name,
        advisories.map((advisory) => ({ ...advisory, matcher: new VersionMatcher(advisory) })),
      ]),
    );
    this.#names = new Set(data.names);
    this.#squats = new SquatTest(data.names);
    this.dates = data.dates;
  }

  /** Whether there is a list of names at all: without one nothing is said of names. */
  get hasNames(): boolean {
    return this.#names.size > 0;
  }

  /** Day of the oldest of the parts: nothing that came later is surely known. */
  get dataDate(): string | undefined {
    const { advisories, malicious } = this.dates;
    return advisories === undefined || malicious === undefined
      ? (advisories ?? malicious)
      : minimum(advisories, malicious);
  }

  /** Whether one advisory, by its own id, speaks of a version of a distribution. */
  isAffected(distribution: string, version: string, id: string): boolean {
    return this.#on(normaliseName(distribution)).some((known) => known.id === id && known.matcher.matches(version));
  }

  /** The verdict on known vulnerabilities of a version; undefined without any. */
  vulnerable(distribution: string, version: string): PackageVerdict | undefined {
    const name = normaliseName(distribution);
    const known = this.#on(name);
    const found = known.filter((advisory) => !advisory.isMalicious && advisory.matcher.matches(version));
    if (found.length === 0) return undefined;
    const fixedIn = lowestFix(found, version);
    const isKnownExploited = found.some((advisory) => advisory.isKnownExploited);
    const likelihoods = found.flatMap(({ epss }) => epss ?? []);
    return {
      distribution: name,
      version,
      kind: 'vulnerable',
      advisories: [...new Set(found.toSorted(worstFirst).flatMap(idsOf))],
      severity: isKnownExploited ? 'critical' : highest(found),
      isKnownExploited,
      ...(likelihoods.length === 0 ? {} : { epss: Math.max(...likelihoods) }),
      ...(fixedIn === undefined ? {} : { fixedIn }),
      ...(this.dates.advisories === undefined ? {} : { dataDate: this.dates.advisories }),
    };
  }

  /**
   * The verdict on a name, or a version, recorded as malicious; undefined for none. Without a version, a name that
   * people download much is not accused: most likely only some of its versions were taken over.
   */
  malicious(distribution: string, version: string | undefined): PackageVerdict | undefined {
    const name = normaliseName(distribution);
    const found = this.#on(name).filter((advisory) => {
      if (!advisory.isMalicious) return false;
      if (version !== undefined) return advisory.matcher.matches(version);
      return advisory.ranges.some(isWholeRange) || !this.#names.has(name);
    });
    if (found.length === 0) return undefined;
    return {
      distribution: name,
      ...(version === undefined ? {} : { version }),
      kind: 'malicious',
      advisories: [...new Set(found.flatMap(idsOf))],
      severity: 'critical',
      isKnownExploited: false,
      ...(this.dates.malicious === undefined ? {} : { dataDate: this.dates.malicious }),
    };
  }

  /** The verdict on a name that imitates a well-known one; undefined for a legitimate or far one. */
  squat(distribution: string): PackageVerdict | undefined {
    const name = normaliseName(distribution);
    const resembles = this.#squats.resembledBy(name);
    if (resembles === undefined) return undefined;
    return { ...this.#onName(name), kind: 'squat', severity: 'high', resembles };
  }

  /** The verdict on a name that stands in no list; undefined for a known one, or without lists. */
  unknownName(distribution: string): PackageVerdict | undefined {
    const name = normaliseName(distribution);
    if (!this.hasNames || this.#names.has(name) || this.#packages.has(name)) return undefined;
    return { ...this.#onName(name), kind: 'unknown-name', severity: 'low' };
  }

  #on(name: string): readonly Known[] {
    return this.#packages.get(name) ?? [];
  }

  #onName(name: string): Omit<PackageVerdict, 'kind' | 'severity'> {
    const date = this.dataDate;
    return {
      distribution: name,
      advisories: [],
      isKnownExploited: false,
      ...(date === undefined ? {} : { dataDate: date }),
    };
  }
}

/** Lowest version that one of the advisories names as fixed and that none of them speaks of. */
function lowestFix(found: readonly Known[], version: string): string | undefined {
  const current = orderedVersion(version);
  if (current === undefined) return undefined;
  const named = new Set(found.flatMap(({ ranges }) => ranges.flatMap(({ fixed }) => fixed ?? [])));
  const fixes: { fixed: string; ordered: OrderedVersion }[] = [];
  for (const fixed of named) {
    const ordered = orderedVersion(fixed);
    if (ordered !== undefined && compareVersions(ordered, current) > 0) fixes.push({ fixed, ordered });
  }
  fixes.sort((a, b) => compareVersions(a.ordered, b.ordered));
  return fixes.find(({ fixed }) => !found.some(({ matcher }) => matcher.matches(fixed)))?.fixed;
}

/** Ids of an advisory, the best known first: CVE, then GHSA, then the record's own. */
function idsOf({ id, aliases }: Advisory): string[] {
  const rank = (name: string) => (name.startsWith('CVE-') ? 0 : name.startsWith('GHSA-') ? 1 : 2);
  return [id, ...aliases].toSorted((a, b) => rank(a) - rank(b));
}

function worstFirst(a: Advisory, b: Advisory): number {
  return (
    Number(b.isKnownExploited) - Number(a.isKnownExploited) ||
    SEVERITIES.indexOf(severityOf(b)) - SEVERITIES.indexOf(severityOf(a)) ||
    (b.epss ?? 0) - (a.epss ?? 0)
  );
}

/** A vulnerability of which no source says how bad it is counts as medium. */
function severityOf({ severity }: Advisory): Severity {
  return severity ?? 'medium';
}

function highest(found: readonly Advisory[]): Severity {
  return SEVERITIES.findLast((severity) => found.some((advisory) => severityOf(advisory) === severity)) ?? 'medium';
}

function minimum(a: string, b: string): string {
  return a < b ? a : b;
}
