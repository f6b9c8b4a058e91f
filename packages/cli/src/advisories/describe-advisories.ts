import type { BundleManifest } from '@sentinel/analyser/advisories';
import type { BuiltBundle } from './build-bundle.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Beyond this age the data is called old; it still counts. */
const STALE_DAYS = 30;

/** What `advisories status` shows. */
export interface AdvisoryStatus {
  readonly imported: boolean;
  readonly manifest: BundleManifest | null;
  readonly ageDays: number | null;
  readonly isStale: boolean;
  readonly canRollBack: boolean;
  readonly trustedKeys: readonly string[];
}

/** The status, as facts. */
export function advisoryStatus(
  manifest: BundleManifest | undefined,
  canRollBack: boolean,
  trustedKeys: readonly string[],
  nowMs: number,
): AdvisoryStatus {
  const date = manifest?.dataDate;
  const ageDays = date === undefined ? null : Math.max(0, Math.floor((nowMs - Date.parse(date)) / DAY_MS));
  return {
    imported: manifest !== undefined,
    manifest: manifest ?? null,
    ageDays,
    isStale: ageDays === null || ageDays > STALE_DAYS,
    canRollBack,
    trustedKeys,
  };
}

/** The status for people. */
export function formatAdvisoryStatus({ manifest, ageDays, isStale, canRollBack }: AdvisoryStatus): string {
  if (manifest === null) {
    return [
      'No advisories imported: packages are listed, but none is checked for known vulnerabilities or malicious names.',
      'Build a bundle on a connected machine (sentinel advisories build --help), then import it here.',
      '',
    ].join('\n');
  }
  const { counts } = manifest;
  const age = ageDays === null ? 'of unknown date' : `of ${manifest.dataDate}, ${ageDays} days old`;
  return [
    `Advisories ${age}${isStale ? ': newer ones are not known here' : ''}`,
    `  ${count(counts.advisories)} advisories and ${count(counts.malicious)} malicious packages on ${count(counts.packages)} names`,
    `  ${count(counts.knownExploited)} known to be exploited, ${count(counts.withEpss)} with EPSS, ${count(counts.names)} legitimate names`,
    `  bundle made ${manifest.madeAt}${canRollBack ? '; the one before can be restored with --rollback' : ''}`,
    ...manifest.attributions.map((attribution) => `  data: ${attribution}`),
    '',
  ].join('\n');
}

/** What was built, for people. */
export function formatBuiltBundle({ file, sizeBytes, publicKey, isNewKey, manifest, leftOut }: BuiltBundle): string {
  const { counts } = manifest;
  return [
    `Built ${file} (${(sizeBytes / 1_000_000).toFixed(1)} MB), data ${manifest.dataDate === undefined ? 'without date' : `of ${manifest.dataDate}`}`,
    `  ${count(counts.advisories)} advisories, ${count(counts.malicious)} malicious packages, ${count(counts.names)} names`,
    `  left out: ${leftOut.withdrawn} withdrawn, ${leftOut.refused} that are no records, ${leftOut.files.length} files that cannot be read`,
    `  signed by ${publicKey}${isNewKey ? ' (a new key: keep its file safe)' : ''}`,
    `On the other side: sentinel advisories import ${file} --trust ${publicKey}`,
    '',
  ].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en');
}
