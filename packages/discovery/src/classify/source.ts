import { hash } from 'node:crypto';
import { readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { NotebookFound, PlaceFound, ScriptFound } from '@sentinel/protocol';
import type { MachineFacts } from '../machine-facts.ts';
import { isPlaceholder, ownerOf, timesOf } from './file-facts.ts';

/** Larger sources are data; their metadata is enough. */
export const MAX_SOURCE_BYTES = 10 * 1024 * 1024;
const MAX_NOTEBOOK_BYTES = 32 * 1024 * 1024;

/** What a first line says of a file: Python source, or an archive that Python starts. Source: PEP 441, execve(2). */
export function shebangKind(head: Buffer): 'python' | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const end = head.indexOf(0x0a);
  const line = head.toString('latin1', 2, end < 0 ? head.length : end);
  return /(?:^|[\s/])(?:python|pypy|graalpy)[\d.]*(?:\s|$)|\buv run\b/.test(line) ? 'python' : undefined;
}

/** Whether a source is a start script that an installer wrote, not a person. Source: pip, uv and setuptools. */
export function isEntryPoint(source: Buffer): boolean {
  if (source.length > 2048) return false;
  const text = source.toString('latin1');
  if (text.includes('EASY-INSTALL-') || text.includes('load_entry_point')) return true;
  return (
    /^from [\w.]+ import [\w.]+/m.test(text) &&
    /sys\.exit\(\w[\w.]*\(\)\)/.test(text) &&
    (/re\.sub\(/.test(text) || /endswith\(/.test(text))
  );
}

/** Whether a file ends as a zip archive does. Source: APPNOTE.TXT 4.3.16, end of central directory. */
export function isZip(bytes: Buffer): boolean {
  return bytes.subarray(-65_557).lastIndexOf('PK\u0005\u0006') >= 0;
}

/** Role of a source by its name, folder and text. */
export function roleOf(name: string, isInPackage: boolean, isInTests: boolean, source: Buffer): ScriptFound['role'] {
  if (/^(?:test_.*|.*_test|conftest)\.py$/.test(name)) return 'test';
  if (source.includes('__main__')) return isInTests ? 'test' : 'script';
  if (isInTests) return 'test';
  return isInPackage || name === '__init__.py' || name === 'setup.py' ? 'module' : 'script';
}

/** Facts of a source with its bytes, where they were read. */
export interface SourceRead {
  readonly facts: Omit<ScriptFound, 'ground' | 'role'>;
  readonly bytes?: Buffer;
}

/** Reads and hashes a source, unless it lies in a cloud, is too large or may not be read. */
export function readSource(
  path: string,
  stats: Stats,
  place: PlaceFound,
  machine: MachineFacts,
  maxBytes = MAX_SOURCE_BYTES,
): SourceRead {
  const facts = { path, sizeBytes: stats.size, owner: ownerOf(stats, machine), place, ...timesOf(stats) };
  if (isPlaceholder(stats)) return { facts: { ...facts, notRead: 'placeholder' } };
  if (stats.size > maxBytes) return { facts: { ...facts, notRead: 'too-large' } };
  try {
    const bytes = readFileSync(path);
    return { facts: { ...facts, sha256: hash('sha256', bytes, 'hex'), lines: countLines(bytes) }, bytes };
  } catch (error) {
    const isDenied = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    return { facts: { ...facts, notRead: isDenied ? 'no-permission' : 'failed' } };
  }
}

/** Reads a notebook: number of code cells and kernel besides the facts of every source. */
export function readNotebook(
  folder: string,
  name: string,
  stats: Stats,
  place: PlaceFound,
  machine: MachineFacts,
): NotebookFound {
  const { facts, bytes } = readSource(join(folder, name), stats, place, machine, MAX_NOTEBOOK_BYTES);
  return bytes === undefined ? facts : { ...facts, ...notebookFacts(bytes) };
}

/** Source: nbformat 4 and 3. */
function notebookFacts(bytes: Buffer): Pick<NotebookFound, 'codeCells' | 'kernel'> {
  try {
    const notebook = JSON.parse(bytes.toString('utf8')) as {
      cells?: unknown;
      worksheets?: { cells?: unknown }[];
      metadata?: { kernelspec?: { name?: unknown } };
    } | null;
    const cells = notebook?.cells ?? notebook?.worksheets?.[0]?.cells;
    const kernel = notebook?.metadata?.kernelspec?.name;
    return {
      ...(Array.isArray(cells)
        ? { codeCells: cells.filter((cell: { cell_type?: unknown } | null) => cell?.cell_type === 'code').length }
        : {}),
      ...(typeof kernel === 'string' ? { kernel } : {}),
    };
  } catch {
    return {};
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return bytes.length > 0 && bytes.at(-1) !== 10 ? lines + 1 : lines;
}
