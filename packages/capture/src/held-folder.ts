import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { isProcessAlive } from './process-start.ts';

const NAME = /^(held|done)-(\d+)-([0-9a-z]+)$/;

/** A folder of the inbox that belongs to one `sentinel run`. */
export interface HeldFolder {
  /** The same before and after the holder is done. */
  readonly key: string;
  /** Whether the holder still may write an end into it. */
  readonly isHeld: boolean;
}

/** Name for a folder that this process holds. */
export function heldFolderName(): string {
  return `held-${process.pid}-${randomBytes(6).toString('hex')}`;
}

/** Name that the holder gives it at the end. */
export function doneFolderName(heldName: string): string {
  return heldName.replace(/^held-/, 'done-');
}

/**
 * Reads the name of a folder of the inbox.
 * @param createdAtMs - When the folder was made, against a reused process id.
 * @returns nothing for any other folder.
 */
export function readHeldFolder(path: string, createdAtMs: number): HeldFolder | undefined {
  const match = NAME.exec(basename(path));
  if (match === null) return undefined;
  return {
    key: `${match[2]}-${match[3]}`,
    isHeld: match[1] === 'held' && isProcessAlive(Number(match[2]), createdAtMs),
  };
}
