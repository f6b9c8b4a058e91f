import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { Script, ScriptKind } from '@sentinel/protocol';

/** Largest source that is read to take its hash, in bytes. */
export const MAX_SOURCE_BYTES = 8 * 1024 * 1024;

/** What a probe says of the script that it is in. */
export interface ScriptFacts {
  readonly kind: string | undefined;
  readonly path: string | undefined;
  readonly module: string | undefined;
  /** SHA-256 that the probe took itself. */
  readonly sha256: string | undefined;
  /** Start of the run: a source changed later is not what ran. */
  readonly startedAtMs: number;
}

/** Hash and size of a source. */
export interface SourceContent {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Identity of a script: the same for the same content on any computer; without content, the same for
 * the same place.
 */
export function identifyScript(facts: ScriptFacts, hostName: string, read = readSource): Script {
  const kind = ScriptKind.safeParse(facts.kind).data ?? (facts.path === undefined ? 'embedded' : 'file');
  const name = scriptName(kind, facts);
  const hasContent = facts.path !== undefined && (kind === 'file' || kind === 'module' || kind === 'archive');
  const content = hasContent ? read(facts.path, facts.startedAtMs) : undefined;
  const sha256 = facts.sha256 !== undefined && /^[0-9a-f]{64}$/.test(facts.sha256) ? facts.sha256 : content?.sha256;
  return {
    id: digest(`v1\0${sha256 ?? `${kind}\0${hostName}\0${facts.path ?? name}`}`).slice(0, 32),
    kind,
    name,
    ...(facts.path === undefined ? {} : { path: facts.path }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(content === undefined || content.sha256 !== sha256 ? {} : { sizeBytes: content.sizeBytes }),
  };
}

/**
 * Reads a source once and hashes it.
 * @returns nothing for what is no regular file, is too large, cannot be read, or changed since `startedAtMs`.
 */
export function readSource(path: string, startedAtMs: number): SourceContent | undefined {
  let handle: number;
  try {
    // Not blocking: a named pipe or a device must not hold the reader up.
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile() || stat.size > MAX_SOURCE_BYTES || stat.mtimeMs > startedAtMs) return undefined;
    const bytes = Buffer.allocUnsafe(stat.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, bytes.length - filled, filled);
      if (count === 0) return undefined;
      filled += count;
    }
    return { sha256: digest(bytes), sizeBytes: stat.size };
  } catch {
    return undefined;
  } finally {
    closeSync(handle);
  }
}

function scriptName(kind: ScriptKind, facts: ScriptFacts): string {
  switch (kind) {
    case 'command':
    case 'stdin':
    case 'interactive':
      return `(${kind})`;
    case 'notebook':
      return baseName(facts.path) ?? `(${kind})`;
    case 'module':
      return facts.module ?? baseName(facts.path) ?? '(module)';
    case 'file':
    case 'archive':
    case 'embedded':
      return baseName(facts.path) ?? facts.module ?? `(${kind})`;
  }
}

function baseName(path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  const name = /^[A-Za-z]:[\\/]|^\\\\/.test(path) ? win32.basename(path) : posix.basename(path);
  return name === '' ? undefined : name;
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
