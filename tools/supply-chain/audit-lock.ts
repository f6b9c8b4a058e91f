import type { Lock } from './read-lock.ts';

/** An advisory that holds for a package of the lock file. */
export interface LockFault {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly isDev: boolean;
  readonly summary: string;
}

interface OsvEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
}

interface OsvAdvisory {
  readonly id?: string;
  readonly summary?: string;
  readonly withdrawn?: string;
  readonly affected?: readonly {
    readonly package?: { readonly ecosystem?: string; readonly name?: string };
    readonly versions?: readonly string[];
    readonly ranges?: readonly { readonly type?: string; readonly events?: readonly OsvEvent[] }[];
  }[];
}

/** Packages of a lock file that advisories name; needs no network. Source: OSV schema 1.7, evaluation of ranges. */
export function auditLock({ packages }: Lock, records: Iterable<unknown>): LockFault[] {
  const byName = Map.groupBy(packages, ({ name }) => name);
  const faults = new Map<string, LockFault>();
  for (const record of records) {
    const { id = 'without an id', summary = '', withdrawn, affected = [] } = (record ?? {}) as OsvAdvisory;
    if (withdrawn !== undefined) continue;
    for (const part of affected) {
      if (part.package?.ecosystem !== 'npm') continue;
      for (const { name, version, isDev } of byName.get(part.package.name ?? '') ?? []) {
        const isNamed = part.versions?.includes(version) === true;
        const isWithin = (part.ranges ?? []).some(
          ({ type, events = [] }) => type === 'SEMVER' && isIn(version, events),
        );
        if (isNamed || isWithin) faults.set(`${id} ${name} ${version}`, { id, name, version, isDev, summary });
      }
    }
  }
  return [...faults.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function isIn(version: string, events: readonly OsvEvent[]): boolean {
  const order = (event: OsvEvent) => event.introduced ?? event.fixed ?? event.last_affected ?? '0';
  let isAffected = false;
  for (const event of events.toSorted((a, b) => compareSemver(order(a), order(b)))) {
    if (event.introduced !== undefined && compareSemver(version, event.introduced) >= 0) isAffected = true;
    if (event.fixed !== undefined && compareSemver(version, event.fixed) >= 0) isAffected = false;
    if (event.last_affected !== undefined && compareSemver(version, event.last_affected) > 0) isAffected = false;
  }
  return isAffected;
}

/** Order of two versions. Source: Semantic Versioning 2.0.0, section 11. */
export function compareSemver(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  for (let at = 0; at < Math.max(left.pre.length, right.pre.length); at += 1) {
    const [one, other] = [left.pre[at], right.pre[at]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === other) continue;
    const areNumbers = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (areNumbers[0] === true && areNumbers[1] === true) return Number(one) - Number(other);
    if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] === true ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}

function partsOf(version: string): { numbers: number[]; pre: string[] } {
  const [core = '', pre = ''] = version.replace(/\+.*$/, '').split(/-(.*)/s, 2);
  return { numbers: core.split('.').map(Number), pre: pre === '' ? [] : pre.split('.') };
}
