import type { LeftOut } from '@sentinel/protocol';
import type { FolderFinds, FolderTask, RepositoryFacts } from './walk/folder-task.ts';

/** Version of the state: another one is not read. */
const STATE_VERSION = 1;

/** What is remembered of one folder. */
export interface FolderRecord {
  readonly path: string;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly isLibrary: boolean;
  readonly repository?: RepositoryFacts;
  readonly entries: number;
  readonly librarySources: number;
  readonly pruned: number;
  readonly finds?: FolderFinds;
  readonly leftOut?: readonly LeftOut[];
  readonly placeholders?: number;
}

/** Where a scan stands, enough to go on or to look only for changes. */
export interface ScanState {
  readonly roots: readonly string[];
  /** What the findings depend on besides the files: options and rules. */
  readonly method: string;
  /** Folders that are still to be read; empty after a complete scan. */
  readonly pending: readonly FolderTask[];
  readonly folders: readonly FolderRecord[];
}

/**
 * Text of a state: one line a folder. Paths share most of their text with the line before, so only the
 * difference is written; the numbers are told apart by tabs.
 */
export function encodeState(state: ScanState): string {
  const lines = [
    JSON.stringify({
      sentinelScanState: STATE_VERSION,
      roots: state.roots,
      method: state.method,
      pending: state.pending,
    }),
  ];
  let before = '';
  for (const folder of [...state.folders].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    let shared = 0;
    const limit = Math.min(before.length, folder.path.length);
    while (shared < limit && before.charCodeAt(shared) === folder.path.charCodeAt(shared)) shared += 1;
    before = folder.path;
    const { finds, leftOut, placeholders, repository } = folder;
    const rest =
      finds === undefined && leftOut === undefined && placeholders === undefined && repository === undefined
        ? undefined
        : { finds, leftOut, placeholders, repository };
    const name = folder.path.slice(shared);
    lines.push(
      `${shared}\t${/["\t\n\\]/.test(name) ? JSON.stringify(name) : name}\t${folder.mtimeMs}\t${folder.ino}\t${folder.isLibrary ? 1 : 0}\t${folder.entries}\t${folder.librarySources}\t${folder.pruned}${rest === undefined ? '' : `\t${JSON.stringify(rest)}`}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** State of a text; undefined where it is none of this version or is damaged. */
export function decodeState(text: string): ScanState | undefined {
  try {
    const end = text.indexOf('\n');
    const head = JSON.parse(text.slice(0, end)) as { sentinelScanState?: number } & Pick<
      ScanState,
      'roots' | 'method' | 'pending'
    >;
    if (head.sentinelScanState !== STATE_VERSION || !text.endsWith('\n')) return undefined;
    const folders: FolderRecord[] = [];
    let before = '';
    let at = end + 1;
    while (at < text.length) {
      const lineEnd = text.indexOf('\n', at);
      const parts = text.slice(at, lineEnd).split('\t');
      at = lineEnd + 1;
      const [shared, name = '', mtimeMs, ino, isLibrary, entries, librarySources, pruned, rest] = parts;
      const path = before.slice(0, Number(shared)) + (name.startsWith('"') ? (JSON.parse(name) as string) : name);
      before = path;
      folders.push({
        path,
        mtimeMs: Number(mtimeMs),
        ino: Number(ino),
        isLibrary: isLibrary === '1',
        entries: Number(entries),
        librarySources: Number(librarySources),
        pruned: Number(pruned),
        ...(rest === undefined ? {} : (JSON.parse(parts.slice(8).join('\t')) as Partial<FolderRecord>)),
      });
    }
    return { roots: head.roots, method: head.method, pending: head.pending, folders };
  } catch {
    return undefined;
  }
}
