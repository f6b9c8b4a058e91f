import { createHash } from 'node:crypto';
import type { Run } from '@sentinel/protocol';

/** Raised when the parts or their folding change: old and new fingerprints then never mix. */
const VERSION = 'v1';

/**
 * Fingerprint of a finding: the same for the same rule, script and subject in every run and every version of the script.
 * @param family - Id of the script's family, where it is known; else its path stands for it, and without a path its content.
 */
export function fingerprintOf(ruleId: string, run: Run, family: string | undefined, subject: string): string {
  const script = family ?? run.script.path ?? run.script.id;
  return `${VERSION}:${digest(ruleId, script, foldSubject(subject)).slice(0, 32)}`;
}

/** Fingerprint of a finding that is about no script: the same for the same rule and parts. */
export function plainFingerprint(ruleId: string, ...parts: readonly string[]): string {
  return `${VERSION}:${digest(ruleId, ...parts).slice(0, 32)}`;
}

/** Id of a finding: a UUIDv7 of its time and content, so that judging the same run again gives the same id. */
export function findingId(runId: string, fingerprint: string, timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0').slice(-12);
  const hash = digest('finding', runId, fingerprint);
  const variant = ((Number.parseInt(hash.charAt(3), 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

/** A subject without what changes from run to run: long numbers, ids, random names. */
export function foldSubject(subject: string): string {
  return subject
    .toLowerCase()
    .replaceAll('\\', '/')
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,}/g, '#')
    .replaceAll(/(?<![\d.])\d{4,}(?![\d.])/g, '#')
    .replaceAll(/(\/(?:tmp|temp)\/)(?:tmp)?[^/]*[0-9_][^/]*/g, '$1#');
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}
