import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { lockData } from '../data-lock.ts';
import type { ServerConfig } from '../settings.ts';
import { ChdbEventStore } from '../store/chdb-event-store.ts';
import { openControlStore } from '../store/control-store.ts';
import { type BackupManifest, countRows, filesOf, quoted } from './back-up.ts';
import { runPostgresTool } from './postgres-tool.ts';

const RESTORE_TIMEOUT_MS = 60 * 60 * 1000;
const MB = 1024 * 1024;

/**
 * Puts a backup into an empty data folder, and an empty database where the control store is PostgreSQL;
 * then opens both stores and compares their rows with what the backup says.
 * @throws Error with a sentence for the operator; nothing that is there is ever overwritten.
 */
export async function restore(
  from: string,
  config: Pick<ServerConfig, 'data' | 'control' | 'events' | 'engineMemoryMb'>,
  log: Logger,
): Promise<BackupManifest> {
  const manifest = await readManifest(from);
  const server = join(config.data, 'server');
  for (const name of ['control.sqlite', 'events', 'seal.key']) {
    if (existsSync(join(server, name)))
      throw new Error(`the data folder "${config.data}" is not empty: it has "server/${name}"`);
  }
  const kind = config.control === undefined ? 'sqlite' : 'postgres';
  if (manifest.control !== kind)
    throw new Error(
      manifest.control === 'postgres'
        ? 'the backup is of a control store on PostgreSQL: give an empty database with --control'
        : 'the backup is of a control store in a file: leave --control away',
    );
  await mkdir(server, { recursive: true, mode: 0o700 });
  const lock = lockData(server);
  try {
    if (config.control === undefined) await copyFile(join(from, 'control.sqlite'), join(server, 'control.sqlite'));
    else {
      await runPostgresTool('pg_restore', config.control, [
        '--exit-on-error',
        '--no-owner',
        '--no-privileges',
        '--single-transaction',
        join(from, 'control.dump'),
      ]);
    }
    if (manifest.hasKeys) await cp(join(from, 'keys'), server, { recursive: true, force: false });
    const control = await openControlStore(config.control ?? join(server, 'control.sqlite'), log);
    await control.destroy();
    if (manifest.hasEvents && config.events === undefined) await restoreEvents(from, manifest, server, config, log);
    return manifest;
  } finally {
    lock.release();
  }
}

/**
 * Reads what a backup holds and checks every file of it.
 * @throws Error that names the file which is not as it was written.
 */
export async function readManifest(from: string): Promise<BackupManifest> {
  let manifest: BackupManifest;
  try {
    manifest = JSON.parse(await readFile(join(from, 'manifest.json'), 'utf8')) as BackupManifest;
  } catch (error) {
    throw new Error(`"${from}" is no backup: ${(error as Error).message}`, { cause: error });
  }
  if (manifest.form !== 1) throw new Error(`"${from}" was written by a newer version (${manifest.product})`);
  const found = new Map((await filesOf(from)).map((file) => [file.path, file]));
  for (const file of manifest.files) {
    const there = found.get(file.path);
    if (there?.sha256 !== file.sha256)
      throw new Error(`the backup is damaged: "${file.path}" ${there === undefined ? 'is missing' : 'has changed'}`);
  }
  return manifest;
}

async function restoreEvents(
  from: string,
  manifest: BackupManifest,
  server: string,
  { engineMemoryMb }: Pick<ServerConfig, 'engineMemoryMb'>,
  log: Logger,
): Promise<void> {
  const events = await ChdbEventStore.open({ folder: join(server, 'events'), memoryBytes: engineMemoryMb * MB }, log);
  try {
    await events.query(
      `RESTORE DATABASE default FROM File(${quoted(join(from, 'events'))}) SETTINGS allow_different_database_def = 1`,
      {},
      { timeoutMs: RESTORE_TIMEOUT_MS },
    );
    const rows = await countRows(events);
    await events.migrate();
    for (const [table, expected] of Object.entries(manifest.eventRows)) {
      // Rows that came between the backup and its count are in the count alone.
      if ((rows[table] ?? 0) > expected || (expected > 0 && rows[table] === undefined))
        throw new Error(
          `the table "${table}" has ${rows[table] ?? 'no'} rows after the restore; the backup says ${expected}`,
        );
    }
  } finally {
    await events.close();
  }
}
