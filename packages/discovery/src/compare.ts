import type { ScanReport } from '@sentinel/protocol';

/** Change of one kind between two scans; paths or names. */
export interface ChangeOf {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Same place, other content. */
  readonly changed: readonly string[];
}

/** What is new, gone and changed since an older scan. */
export interface ScanComparison {
  readonly since: string;
  readonly scripts: ChangeOf;
  readonly interpreters: ChangeOf;
  readonly environments: ChangeOf;
  readonly packages: ChangeOf;
  readonly schedules: ChangeOf;
  readonly launchers: ChangeOf;
  /** Scripts whose score rose or fell, where both scans have one. */
  readonly risks: readonly { readonly path: string; readonly before: number; readonly after: number }[];
}

/** Compares two reports of the same computer. */
export function compareReports(older: ScanReport, newer: ScanReport): ScanComparison {
  const [a, b] = [older.inventory, newer.inventory];
  const scores = new Map(older.assessments.map(({ path, risk }) => [path, risk.score]));
  return {
    since: older.startedAt,
    scripts: changes(
      [...a.scripts, ...a.notebooks].map(({ path, sha256, modifiedAt }) => [path, sha256 ?? modifiedAt]),
      [...b.scripts, ...b.notebooks].map(({ path, sha256, modifiedAt }) => [path, sha256 ?? modifiedAt]),
    ),
    interpreters: changes(
      a.interpreters.map(({ path, version, problem }) => [path, `${version} ${problem}`]),
      b.interpreters.map(({ path, version, problem }) => [path, `${version} ${problem}`]),
    ),
    environments: changes(
      a.environments.map(({ prefix, version, problem }) => [prefix, `${version} ${problem}`]),
      b.environments.map(({ prefix, version, problem }) => [prefix, `${version} ${problem}`]),
    ),
    packages: changes(
      a.packages.map(({ site, distribution, version }) => [`${distribution} in ${site}`, version ?? '']),
      b.packages.map(({ site, distribution, version }) => [`${distribution} in ${site}`, version ?? '']),
    ),
    schedules: changes(
      a.schedules.map(({ source, name, command, when }) => [
        `${command.script ?? command.module ?? command.program} by ${source}${name === undefined ? '' : ` (${name})`}`,
        when,
      ]),
      b.schedules.map(({ source, name, command, when }) => [
        `${command.script ?? command.module ?? command.program} by ${source}${name === undefined ? '' : ` (${name})`}`,
        when,
      ]),
    ),
    launchers: changes(
      a.launchers.map(({ path, modifiedAt }) => [path, modifiedAt]),
      b.launchers.map(({ path, modifiedAt }) => [path, modifiedAt]),
    ),
    risks: newer.assessments.flatMap(({ path, risk }) => {
      const before = scores.get(path);
      return before === undefined || before === risk.score ? [] : [{ path, before, after: risk.score }];
    }),
  };
}

function changes(older: [string, string][], newer: [string, string][]): ChangeOf {
  const [before, after] = [new Map(older), new Map(newer)];
  return {
    added: [...after.keys()].filter((key) => !before.has(key)).sort(),
    removed: [...before.keys()].filter((key) => !after.has(key)).sort(),
    changed: [...after].flatMap(([key, value]) => (before.has(key) && before.get(key) !== value ? [key] : [])).sort(),
  };
}
