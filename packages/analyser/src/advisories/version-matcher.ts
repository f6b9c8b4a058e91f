import type { Advisory, VersionRange } from './advisory-data.ts';
import { compareVersions, type OrderedVersion, orderedVersion } from './version-order.ts';

interface Span {
  /** Undefined: from the very first on. */
  readonly from: OrderedVersion | undefined;
  readonly before: OrderedVersion | undefined;
  readonly last: OrderedVersion | undefined;
}

/** Tells of which versions an advisory speaks. Source: https://ossf.github.io/osv-schema/#evaluation */
export class VersionMatcher {
  readonly #advisory: Pick<Advisory, 'ranges' | 'versions'>;
  #spans: readonly Span[] | undefined;
  #listed: readonly OrderedVersion[] | undefined;

  constructor(advisory: Pick<Advisory, 'ranges' | 'versions'>) {
    this.#advisory = advisory;
  }

  /** Whether it speaks of a version. One that is not of PEP 440 is only compared as text. */
  matches(version: string): boolean {
    if (this.#advisory.versions.includes(version)) return true;
    const ordered = orderedVersion(version);
    if (ordered === undefined) return this.#advisory.ranges.some(isWholeRange);
    this.#spans ??= this.#advisory.ranges.flatMap(spanOf);
    for (const { from, before, last } of this.#spans) {
      if (from !== undefined && compareVersions(ordered, from) < 0) continue;
      if (before !== undefined && compareVersions(ordered, before) >= 0) continue;
      if (last !== undefined && compareVersions(ordered, last) > 0) continue;
      return true;
    }
    this.#listed ??= this.#advisory.versions.map(orderedVersion).filter((listed) => listed !== undefined);
    return this.#listed.some((listed) => compareVersions(ordered, listed) === 0);
  }
}

/** Whether a range holds every version there is. */
export function isWholeRange({ introduced, fixed, last }: VersionRange): boolean {
  return introduced === '0' && fixed === undefined && last === undefined;
}

/** A range with a bound that cannot be read says nothing: its versions are enumerated, if at all. */
function spanOf({ introduced, fixed, last }: VersionRange): Span[] {
  const span = {
    from: introduced === '0' ? undefined : orderedVersion(introduced),
    before: fixed === undefined ? undefined : orderedVersion(fixed),
    last: last === undefined ? undefined : orderedVersion(last),
  };
  const isUnreadable =
    (introduced !== '0' && span.from === undefined) ||
    (fixed !== undefined && span.before === undefined) ||
    (last !== undefined && span.last === undefined);
  return isUnreadable ? [] : [span];
}
