import { hasLibraryName } from './embedded.ts';

/** Magic of the archive at the end of a PyInstaller program. Source: PyInstaller's documentation of its archive. */
const COOKIE = Buffer.from([0x4d, 0x45, 0x49, 0x0c, 0x0b, 0x0a, 0x0b, 0x0e]);
/** Version stands behind the magic and three lengths, as major * 100 + minor. */
const VERSION_OFFSET = 20;

/** Smallest file that can hold an interpreter. */
export const MIN_FROZEN_BYTES = 500_000;
/** How much of the end is looked at: sections and signatures may stand behind the archive. */
export const FROZEN_TAIL_BYTES = 65_536;

/** Python version of a PyInstaller program by the end of its file, undefined for any other. */
export function pyinstallerVersion(tail: Buffer): { version?: string } | undefined {
  const at = tail.lastIndexOf(COOKIE);
  if (at < 0) return undefined;
  if (at + VERSION_OFFSET + 4 > tail.length) return {};
  const number = tail.readUInt32BE(at + VERSION_OFFSET);
  const [major, minor] =
    number >= 100 ? [Math.floor(number / 100), number % 100] : [Math.floor(number / 10), number % 10];
  return major === 2 || major === 3 ? { version: `${major}.${minor}` } : {};
}

/**
 * What packed a program by the files beside it, or undefined: cx_Freeze and py2exe lay the library of Python and
 * `library.zip` there; Nuitka makes a folder that ends in `.dist`. Source: documentation of the tools.
 */
export function packedBeside(
  folder: string,
  entries: readonly { readonly name: string }[],
): 'library-zip' | 'nuitka' | undefined {
  if (!entries.some(({ name }) => hasLibraryName(name))) return undefined;
  if (entries.some(({ name }) => name === 'library.zip')) return 'library-zip';
  return folder.endsWith('.dist') ? 'nuitka' : undefined;
}
