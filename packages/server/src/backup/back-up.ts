import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { backup as backUpSqlite, DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import packageJson from '../../package.json' with { type: 'json' };
import type { ServerConfig } from '../settings.ts';
import type { EventStore } from '../store/event-store.ts';
import { runPostgresTool } from './postgres-tool.ts';

/** A file of a backup, to be checked before it is restored. */
export interface BackedUpFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a backup holds; its file `manifest.json`. */
export interface BackupManifest {
  readonly form: 1;
  readonly product: string;
  readonly createdAt: string;
  /** How the control store was kept. */
  readonly control: 'sqlite' | 'postgres';
  /** Whether the rows of the embedded event store are in it; those of a ClickHouse are not. */
  readonly hasEvents: boolean;
  /** Whether the key of what is sealed, and the certificates, are in it. */
  readonly hasKeys: boolean;
  /** Rows of the event store's tables as they were counted after the backup had begun. */
  readonly eventRows: Readonly<Record<string, number>>;
  readonly files: readonly BackedUpFile[];
}

/** What is backed up. */
export interface BackupParts {
  readonly config: Pick<ServerConfig, 'data' | 'control' | 'events' | 'sealKey'>;
  readonly events: EventStore;
  /** A folder that is not there yet. */
  readonly out: string;
  readonly withKeys: boolean;
}

const MANIFEST = 'manifest.json';
const BACKUP_TIMEOUT_MS = 60 * 60 * 1000;

/**
 * Writes a backup while the server works. The control store comes first: whatever its marks say was
 * stored is in the event store's part, which may only have more.
 * @throws Error with a sentence for the operator.
 */
export async function backUp({ config, events, out, withKeys }: BackupParts): Promise<BackupManifest> {
  if ((await stat(out).catch(() => undefined)) !== undefined) throw new Error(`"${out}" is there already`);
  const draft = `${out}.unfinished`;
  const server = join(config.data, 'server');
  await mkdir(draft, { recursive: true, mode: 0o700 });
  if (config.control === undefined) {
    const source = new DatabaseSync(join(server, 'control.sqlite'), { readOnly: true });
    try {
      await backUpSqlite(source, join(draft, 'control.sqlite'), { rate: 1_000_000 });
    } finally {
      source.close();
    }
  } else await runPostgresTool('pg_dump', config.control, ['--format=custom', '--file', join(draft, 'control.dump')]);
  const hasEvents = config.events === undefined;
  let eventRows: Record<string, number> = {};
  if (hasEvents) {
    await events.query(
      `BACKUP DATABASE default TO File(${quoted(join(draft, 'events'))})`,
      {},
      { timeoutMs: BACKUP_TIMEOUT_MS },
    );
    eventRows = await countRows(events);
  }
  if (withKeys) await copyKeys(server, config.sealKey, join(draft, 'keys'));
  const manifest: BackupManifest = {
    form: 1,
    product: packageJson.version,
    createdAt: new Date().toISOString(),
    control: config.control === undefined ? 'sqlite' : 'postgres',
    hasEvents,
    hasKeys: withKeys,
    eventRows,
    files: await filesOf(draft),
  };
  await writeFile(join(draft, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, out);
  return manifest;
}

/** Every file of a backup with its hash, but the manifest itself. */
export async function filesOf(folder: string): Promise<BackedUpFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const all: BackedUpFile[] = [];
  for (const file of files.sort()) {
    const path = relative(folder, file);
    if (path === MANIFEST) continue;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    all.push({ path, bytes: (await stat(file)).size, sha256: hash.digest('hex') });
  }
  return all;
}

/** Rows of each table of the event store that keeps rows. */
export async function countRows(events: EventStore): Promise<Record<string, number>> {
  const tables = await events.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = 'default' AND engine LIKE '%MergeTree' ORDER BY name`,
  );
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const isReplacing = name !== 'schema_version';
    const [answer] = await events.query<{ rows: number }>(
      `SELECT count() AS rows FROM ${name}${isReplacing ? ' FINAL' : ''}`,
    );
    rows[name] = answer?.rows ?? 0;
  }
  return rows;
}

async function copyKeys(server: string, sealKey: string | undefined, to: string): Promise<void> {
  const files: (readonly [string, string])[] = [[sealKey ?? join(server, 'seal.key'), 'seal.key']];
  for (const name of await readdir(join(server, 'tls')).catch(() => []))
    files.push([join(server, 'tls', name), `tls/${name}`]);
  for (const [from, name] of files) {
    await mkdir(dirname(join(to, name)), { recursive: true, mode: 0o700 });
    await copyFile(from, join(to, name));
  }
}

/** A text in the engine's SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
