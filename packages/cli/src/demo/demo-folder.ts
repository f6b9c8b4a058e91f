import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockHolder, lockText } from '@sentinel/capture';
import { DemoError } from './demo-error.ts';

/** Folder of the demo's scripts, services and stand-ins in the repository. */
export const DEMO_SOURCES = fileURLToPath(new URL('../../../../demo/', import.meta.url));

/** Places inside the data folder; the demo writes nowhere else. */
export interface DemoFolder {
  readonly root: string;
  /** Virtual environment of the scripts. */
  readonly environment: string;
  /** A folder a person: the script, its settings and what it leaves behind. */
  readonly people: string;
  /** Stands for a file share. */
  readonly share: string;
  readonly databases: string;
  /** Report of the last run of each script. */
  readonly reports: string;
  readonly logs: string;
}

/** Names the places of the demo in a data folder. */
export function demoFolder(dataFolder: string): DemoFolder {
  const root = join(dataFolder, 'demo');
  return {
    root,
    environment: join(root, 'python'),
    people: join(root, 'people'),
    share: join(root, 'share'),
    databases: join(root, 'databases'),
    reports: join(root, 'reports'),
    logs: join(root, 'logs'),
  };
}

/**
 * Makes the folders and keeps a second demo out.
 * @returns a function that lets the next one in.
 * @throws DemoError while another demo plays on this data folder.
 */
export function occupyDemoFolder(folder: DemoFolder): () => void {
  for (const place of [folder.root, folder.people, folder.share, folder.databases, folder.reports, folder.logs]) {
    mkdirSync(place, { recursive: true, mode: 0o700 });
  }
  const lock = join(folder.root, 'lock');
  for (let attempt = 1; ; attempt += 1) {
    try {
      writeFileSync(lock, lockText(), { flag: 'wx' });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 2) throw error;
      const pid = lockHolder(readFileSync(lock, 'utf8'));
      if (pid !== undefined) {
        throw new DemoError(`The demo plays already on this data folder (process ${pid}). Wait until it is done.`);
      }
      rmSync(lock, { force: true });
    }
  }
}
