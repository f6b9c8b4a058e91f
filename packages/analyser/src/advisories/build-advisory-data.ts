import type { Severity } from '@sentinel/protocol';
import { z } from 'zod';
import { type Advisory, AdvisoryData, type VersionRange } from './advisory-data.ts';
import { cvss3Score, severityOfScore } from './cvss-severity.ts';
import { normaliseName } from './distribution-name.ts';
import { OsvRecord } from './osv-record.ts';
import { VersionMatcher } from './version-matcher.ts';
import { compareVersions, orderedVersion } from './version-order.ts';

/** What a bundle is made from. */
export interface AdvisorySources {
  /** OSV records, parsed from JSON. */
  readonly records: Iterable<unknown>;
  /** CVE ids of the KEV list. */
  readonly knownExploited: ReadonlySet<string>;
  /** EPSS probability by CVE id. */
  readonly epss: ReadonlyMap<string, number>;
  /** Names of distributions, the most downloaded first. */
  readonly names: readonly string[];
}

/** The data and what was left out of it. */
export interface BuiltAdvisoryData {
  readonly data: AdvisoryData;
  readonly counts: { readonly advisories: number; readonly malicious: number; readonly withdrawn: number };
  /** Records that are no OSV records. */
  readonly refused: number;
}

/** Severity words of GitHub's advisories. */
const WORDS: Readonly<Record<string, Severity>> = {
  LOW: 'low',
  MODERATE: 'medium',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
};

/** Makes compact data out of OSV records on PyPI; other ecosystems and withdrawn records are left out. */
export function buildAdvisoryData(sources: AdvisorySources): BuiltAdvisoryData {
  const packages = new Map<string, Map<string, Advisory>>();
  const severityOf = new Map<string, Severity>();
  const counts = { advisories: 0, malicious: 0, withdrawn: 0 };
  const newest = { advisories: '', malicious: '' };
  let refused = 0;
  for (const candidate of sources.records) {
    const parsed = OsvRecord.safeParse(candidate);
    if (!parsed.success) {
      refused += 1;
      continue;
    }
    const record = parsed.data;
    const severity = severityIn(record);
    if (severity !== undefined) {
      for (const id of [record.id, ...(record.aliases ?? [])]) keepHigher(severityOf, id, severity);
    }
    const affected = (record.affected ?? []).filter((part) => part.package?.ecosystem.split(':', 1)[0] === 'PyPI');
    if (affected.length === 0) continue;
    if (record.withdrawn !== undefined) {
      counts.withdrawn += 1;
      continue;
    }
    const kind = record.id.startsWith('MAL-') ? 'malicious' : 'advisories';
    counts[kind] += 1;
    const day = record.modified?.slice(0, 10) ?? '';
    if (day > newest[kind] && z.iso.date().safeParse(day).success) newest[kind] = day;
    for (const part of affected) {
      const name = normaliseName(part.package?.name ?? '');
      const advisories = packages.get(name) ?? new Map<string, Advisory>();
      packages.set(name, advisories);
      const advisory = advisoryOf(record, part, advisories.get(record.id));
      advisories.set(record.id, advisory);
    }
  }
  const finish = (advisory: Advisory): Advisory => {
    const ids = [advisory.id, ...advisory.aliases];
    const severity = highest(ids.map((id) => severityOf.get(id)));
    const epss = Math.max(-1, ...ids.map((id) => sources.epss.get(id) ?? -1));
    return {
      ...advisory,
      ...(severity === undefined ? {} : { severity }),
      ...(epss < 0 ? {} : { epss }),
      isKnownExploited: ids.some((id) => sources.knownExploited.has(id)),
    };
  };
  const data: AdvisoryData = AdvisoryData.parse({
    schema: 1,
    dates: {
      ...(newest.advisories === '' ? {} : { advisories: newest.advisories }),
      ...(newest.malicious === '' ? {} : { malicious: newest.malicious }),
    },
    packages: Object.fromEntries(
      [...packages.keys()].sort().map((name) => [name, [...(packages.get(name)?.values() ?? [])].map(finish)]),
    ),
    names: [...new Set(sources.names.map((name) => normaliseName(name)))].filter((name) => name !== ''),
  });
  return { data, counts, refused };
}

type Affected = NonNullable<OsvRecord['affected']>[number];

function advisoryOf(record: OsvRecord, part: Affected, before: Advisory | undefined): Advisory {
  const ranges = [
    ...(before?.ranges ?? []),
    ...(part.ranges ?? []).filter(({ type }) => type !== 'GIT').flatMap(rangesOf),
  ];
  const advisory: Advisory = {
    id: record.id,
    aliases: record.aliases ?? [],
    ranges,
    versions: [],
    isMalicious: record.id.startsWith('MAL-'),
    isKnownExploited: false,
  };
  // Only versions that no range covers say something new: legacy ones, and where the record disagrees with itself.
  const enumerated = [...(before?.versions ?? []), ...(part.versions ?? [])];
  const matcher = new VersionMatcher(advisory);
  return { ...advisory, versions: [...new Set(enumerated)].filter((version) => !matcher.matches(version)) };
}

type Event = NonNullable<Affected['ranges']>[number]['events'][number];

/** Events of a range as spans; the order of the events says nothing, that of their versions does. */
function rangesOf({ events }: NonNullable<Affected['ranges']>[number]): VersionRange[] {
  const ranges: VersionRange[] = [];
  let introduced: string | undefined;
  for (const event of events.toSorted(byVersion)) {
    if (event.introduced !== undefined) {
      introduced ??= event.introduced;
    } else if (introduced !== undefined) {
      if (event.fixed !== undefined) ranges.push({ introduced, fixed: event.fixed });
      else if (event.last_affected !== undefined) ranges.push({ introduced, last: event.last_affected });
      else continue;
      introduced = undefined;
    }
  }
  if (introduced !== undefined) ranges.push({ introduced });
  return ranges;
}

function byVersion(a: Event, b: Event): number {
  if (a.introduced === '0' || b.introduced === '0') return Number(b.introduced === '0') - Number(a.introduced === '0');
  const [left, right] = [a, b].map((event) =>
    orderedVersion(event.introduced ?? event.fixed ?? event.last_affected ?? ''),
  );
  if (left === undefined || right === undefined) return 0;
  // A span ends before the next one begins at the same version; one that includes its end begins first.
  return compareVersions(left, right) || rank(a) - rank(b);
}

function rank({ fixed, introduced }: Event): number {
  return fixed !== undefined ? 0 : introduced !== undefined ? 1 : 2;
}

function severityIn(record: OsvRecord): Severity | undefined {
  const vectors = [...(record.severity ?? []), ...(record.affected ?? []).flatMap(({ severity }) => severity ?? [])];
  const scores = vectors.map(({ score }) => cvss3Score(score)).filter((score) => score !== undefined);
  if (scores.length > 0) return severityOfScore(Math.max(...scores));
  return WORDS[record.database_specific?.severity?.toUpperCase() ?? ''];
}

const ORDER: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

function keepHigher(known: Map<string, Severity>, id: string, severity: Severity): void {
  const before = known.get(id);
  if (before === undefined || ORDER.indexOf(severity) > ORDER.indexOf(before)) known.set(id, severity);
}

function highest(severities: readonly (Severity | undefined)[]): Severity | undefined {
  return ORDER.findLast((severity) => severities.includes(severity));
}
