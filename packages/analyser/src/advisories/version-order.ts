import { explain } from '@renovatebot/pep440';

/** A version in the form in which it is compared; local parts left out. */
export interface OrderedVersion {
  readonly epoch: number;
  /** Without zeros at the end. */
  readonly release: readonly number[];
  /** Rank of what follows the release: development, alpha, beta, candidate, none; then the numbers. */
  readonly suffix: readonly [preRank: number, preNumber: number, post: number, dev: number];
}

/** Longest version looked at: a real one is never longer, and the pattern of the library is not made for more. */
const MAX_LENGTH = 100;
const CACHE_SIZE = 50_000;
const PRE_RANK: Readonly<Record<string, number>> = { a: 1, b: 2, rc: 3 };
const cache = new Map<string, OrderedVersion | undefined>();

/** Parses a version; undefined for one that is not of PEP 440. Source: https://peps.python.org/pep-0440/ */
export function orderedVersion(version: string): OrderedVersion | undefined {
  const known = cache.get(version);
  if (known !== undefined || cache.has(version)) return known;
  if (cache.size >= CACHE_SIZE) cache.clear();
  const ordered = version.length > MAX_LENGTH ? undefined : parse(version);
  cache.set(version, ordered);
  return ordered;
}

function parse(version: string): OrderedVersion | undefined {
  const parts = explain(version);
  if (parts === null) return undefined;
  const release = [...parts.release];
  while (release.length > 0 && release.at(-1) === 0) release.pop();
  const pre = parts.pre as readonly (string | number)[] | null;
  const post = numberOf(parts.post);
  const dev = numberOf(parts.dev);
  const preRank =
    pre !== null && pre.length > 0 ? (PRE_RANK[String(pre[0])] ?? 3) : post === undefined && dev !== undefined ? 0 : 4;
  return {
    epoch: parts.epoch,
    release,
    suffix: [preRank, Number(pre?.[1] ?? 0), post ?? -1, dev ?? Number.POSITIVE_INFINITY],
  };
}

/** The library gives the number of a segment, although its types speak of a pair. */
function numberOf(segment: unknown): number | undefined {
  const number: unknown = Array.isArray(segment) ? segment.at(-1) : segment;
  return typeof number === 'number' ? number : undefined;
}

/** Negative, zero or positive, as `a` comes before, with or after `b`. */
export function compareVersions(a: OrderedVersion, b: OrderedVersion): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  const length = Math.max(a.release.length, b.release.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a.release[index] ?? 0) - (b.release[index] ?? 0);
    if (difference !== 0) return difference;
  }
  for (const index of [0, 1, 2, 3] as const) {
    const left = a.suffix[index];
    const right = b.suffix[index];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
