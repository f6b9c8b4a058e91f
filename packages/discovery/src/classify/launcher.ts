import { readFileSync, type Stats } from 'node:fs';
import type { LauncherFound, PythonCommand } from '@sentinel/protocol';
import { decodeText, isPlaceholder } from './file-facts.ts';
import { folderAfter, pythonCommands, splitWords } from './python-command.ts';

const MAX_LAUNCHER_BYTES = 262_144;
const MAX_COMMANDS = 20;

/** Endings of files that start programs. */
export const LAUNCHER_KINDS: Readonly<Record<string, LauncherFound['kind']>> = {
  '.bat': 'batch',
  '.cmd': 'batch',
  '.ps1': 'powershell',
  '.sh': 'shell',
  '.bash': 'shell',
  '.zsh': 'shell',
  '.command': 'shell',
  '.desktop': 'desktop-entry',
  '.lnk': 'shortcut',
  '.vbs': 'vbscript',
};

/** Python starts in a launcher; empty where it has none or cannot be read. */
export function readLauncher(path: string, stats: Stats, kind: LauncherFound['kind']): PythonCommand[] {
  if (stats.size > MAX_LAUNCHER_BYTES || isPlaceholder(stats)) return [];
  try {
    const bytes = readFileSync(path);
    // Most launchers have nothing to do with Python: one look at the bytes spares the rest.
    if (kind !== 'shortcut' && !mentionsPython(bytes)) return [];
    return launcherCommands(bytes, kind, path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))));
  } catch {
    return [];
  }
}

/** Python starts in the bytes of a launcher. */
export function launcherCommands(bytes: Buffer, kind: LauncherFound['kind'], folder?: string): PythonCommand[] {
  if (kind === 'shortcut') return shortcutCommands(bytes);
  const text = decodeText(bytes);
  const found: PythonCommand[] = [];
  let current = folder;
  for (const line of logicalLines(text, kind)) {
    const command = commandText(line, kind);
    if (command === undefined) continue;
    current = folderAfter(splitWords(command)) ?? current;
    found.push(...pythonCommands(command, current));
    if (found.length >= MAX_COMMANDS) break;
  }
  return found;
}

function mentionsPython(bytes: Buffer): boolean {
  const text = bytes[0] === 0xff || bytes[0] === 0xfe ? decodeText(bytes) : bytes.toString('latin1');
  return /py(?:thon|py|w?\s|w?\.exe|\b)/i.test(text);
}

function logicalLines(text: string, kind: LauncherFound['kind']): string[] {
  const joined = kind === 'batch' ? text.replaceAll(/\^\r?\n/g, ' ') : text.replaceAll(/\\\r?\n/g, ' ');
  return joined.split(/\r?\n/).map((line) => line.trim());
}

function commandText(line: string, kind: LauncherFound['kind']): string | undefined {
  if (line === '') return undefined;
  switch (kind) {
    case 'batch':
      return /^(?:rem\b|::|echo\b|title\b|set\b|if\b.*\becho\b)/i.test(line.replace(/^@/, ''))
        ? undefined
        : line.replace(/^@/, '').replaceAll(/%~dp0\\?/gi, '');
    case 'desktop-entry':
      return /^Exec\s*=(.+)$/.exec(line)?.[1];
    case 'powershell':
      return line.startsWith('#')
        ? undefined
        : line.replace(/^(?:&|Start-Process\s+(?:-FilePath\s+)?)\s*/i, '').replace(/-ArgumentList\s+/i, '');
    case 'vbscript':
      return line.startsWith("'") ? undefined : vbscriptCommand(line);
    case 'shell':
      return /^(?:#|echo\b|printf\b|alias\b|export\s+\w+=)/.test(line)
        ? undefined
        : line.replace(/^(?:if|then|do|else)\s+/, '');
    case 'shortcut':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** Text that a script hands to `Run` or `Exec`; doubled quotes stand for one. */
function vbscriptCommand(line: string): string | undefined {
  const at = /\.(?:Run|Exec)\b/i.exec(line);
  if (at === null) return undefined;
  const quoted = /"((?:[^"]|"")*)"/.exec(line.slice(at.index));
  return quoted?.[1]?.replaceAll('""', '"');
}

/**
 * Target and arguments of a Windows shortcut: the local path of the link information, or the strings behind it.
 * Source: [MS-SHLLINK] sections 2.1 to 2.4.
 */
function shortcutCommands(bytes: Buffer): PythonCommand[] {
  if (bytes.length < 76 || bytes.readUInt32LE(0) !== 0x4c) return [];
  const flags = bytes.readUInt32LE(20);
  let at = 76;
  if ((flags & 1) !== 0) at += 2 + readLength(bytes, at);
  let target = '';
  if ((flags & 2) !== 0 && at + 28 <= bytes.length) {
    const size = bytes.readUInt32LE(at);
    const offset = bytes.readUInt32LE(at + 16);
    if (offset > 0 && offset < size && at + offset < bytes.length) {
      const start = at + offset;
      const end = bytes.indexOf(0, start);
      target = bytes.toString('latin1', start, end < 0 ? bytes.length : end);
    }
    at += size;
  }
  const strings: Record<string, string> = {};
  for (const [bit, name] of [
    [4, 'name'],
    [8, 'relative'],
    [16, 'folder'],
    [32, 'arguments'],
  ] as const) {
    if ((flags & bit) === 0) continue;
    const length = readLength(bytes, at) * ((flags & 128) === 0 ? 1 : 2);
    strings[name] = bytes.toString((flags & 128) === 0 ? 'latin1' : 'utf16le', at + 2, at + 2 + length);
    at += 2 + length;
  }
  const program = target || strings['relative'] || '';
  return pythonCommands(`"${program}" ${strings['arguments'] ?? ''}`, strings['folder']);
}

function readLength(bytes: Buffer, at: number): number {
  return at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0;
}
