import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { redactSecrets, type SecretReference } from '@sentinel/analyser/redact-secrets';
import { cleanNotebook } from './clean-notebook.ts';

/** A source to be read. */
export interface CollectQuestion {
  readonly number: number;
  readonly path: string;
  /** Hash that it must have; absent for a notebook, which is saved while it runs. */
  readonly sha256?: string;
  readonly fingerprintKey: Uint8Array;
  readonly maxSourceBytes: number;
}

/** Its text without credentials, or why it stays here. */
export type CollectAnswer =
  | {
      readonly kind: 'read';
      readonly sha256: string;
      readonly text: string;
      readonly references: readonly SecretReference[];
      readonly sizeBytes: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** More references than this and the file is no script but a list of credentials. */
const MAX_REFERENCES = 1000;
/** Most of a notebook on disk is what it showed, which is left out. */
const MAX_NOTEBOOK_BYTES = 16 * 1024 * 1024;

parentPort?.on('message', (question: CollectQuestion) => {
  let answer: CollectAnswer;
  try {
    answer = answerOf(question);
  } catch (error) {
    answer = { kind: 'refused', reason: (error as Error).message };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  parentPort?.postMessage({ number: question.number, ...answer });
});

function answerOf({ path, sha256, fingerprintKey, maxSourceBytes }: CollectQuestion): CollectAnswer {
  const bytes = readRegularFile(path, sha256 === undefined ? MAX_NOTEBOOK_BYTES : maxSourceBytes);
  if (typeof bytes === 'string') return { kind: 'refused', reason: bytes };
  if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256)
    return { kind: 'refused', reason: 'its file is no longer what ran' };
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { kind: 'refused', reason: 'it is not written in UTF-8' };
  }
  if (sha256 === undefined) return notebookAnswer(source, fingerprintKey, maxSourceBytes);
  const redacted = redactSecrets(source, fingerprintKey);
  if (redacted === undefined || redacted.references.length > MAX_REFERENCES)
    return { kind: 'refused', reason: 'its credentials cannot be taken out' };
  return { kind: 'read', sha256, ...redacted, sizeBytes: bytes.byteLength };
}

function notebookAnswer(source: string, fingerprintKey: Uint8Array, maxSourceBytes: number): CollectAnswer {
  const notebook = cleanNotebook(source, (cell) => redactSecrets(cell, fingerprintKey));
  if (notebook === undefined) return { kind: 'refused', reason: 'it is no notebook' };
  if (notebook.references.length > MAX_REFERENCES)
    return { kind: 'refused', reason: 'its credentials cannot be taken out' };
  if (notebook.sizeBytes > maxSourceBytes)
    return { kind: 'refused', reason: `it has more than ${maxSourceBytes} bytes` };
  return { kind: 'read', ...notebook };
}

/** Content of a regular file, or why there is none. */
function readRegularFile(path: string, maxBytes: number): Buffer | string {
  let handle: number;
  try {
    // Not blocking: a named pipe or a device must not hold the reader up.
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return 'its file cannot be read';
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return 'it is no regular file';
    if (stat.size > maxBytes) return `it has more than ${maxBytes} bytes`;
    const bytes = Buffer.allocUnsafe(stat.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, bytes.length - filled, filled);
      if (count === 0) return 'its file became shorter while it was read';
      filled += count;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}
