import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { openSeal } from '../seal.ts';
import type { ServerConfig } from '../settings.ts';
import { ClickhouseEventStore } from '../store/clickhouse-event-store.ts';
import { type ControlStore, openControlStore } from '../store/control-store.ts';
import { serverCertificates } from '../tls/server-certificates.ts';
import { askRunningServer } from './local-door.ts';

/** One thing that was looked at. */
export interface CheckedPart {
  readonly part: string;
  readonly isGood: boolean;
  readonly found: string;
}

const LEAST_FREE_BYTES = 2 * 1024 ** 3;
const MOST_SKEW_MS = 5_000;

/** Looks at everything a server needs, without starting one; changes nothing but what a start would bring up to date. */
export async function checkServer(config: ServerConfig, log: Logger): Promise<CheckedPart[]> {
  const folder = join(config.data, 'server');
  const parts: CheckedPart[] = [];
  const look = async (part: string, work: () => Promise<string> | string) => {
    try {
      parts.push({ part, isGood: true, found: await work() });
    } catch (error) {
      parts.push({ part, isGood: false, found: (error as Error).message });
    }
  };
  await look('data folder', () => {
    if (!existsSync(folder)) throw new Error(`"${folder}" is not there: no server has used it yet`);
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const text = `${folder}, ${(free / 1024 ** 3).toFixed(1)} GB free`;
    if (free < LEAST_FREE_BYTES) throw new Error(`${text}: fewer than ${LEAST_FREE_BYTES / 1024 ** 3} GB`);
    return text;
  });
  const isRunning =
    (await askRunningServer(folder, { command: 'ping', options: {} }).catch(() => ({ done: '' }))) !== undefined;
  parts.push({
    part: 'server',
    isGood: true,
    found: isRunning ? 'runs on this data folder' : 'does not run on this data folder',
  });
  await look('control store', async () => {
    const file = join(folder, 'control.sqlite');
    if (config.control === undefined && !existsSync(file)) throw new Error(`"${file}" is not there`);
    const control = await openControlStore(config.control ?? file, log);
    try {
      return await (config.control === undefined ? checkSqlite(control) : checkPostgres(control));
    } finally {
      await control.destroy();
    }
  });
  await look('event store', async () => {
    if (config.events === undefined) return isRunning ? 'embedded, in use by the server' : 'embedded';
    const events = await ClickhouseEventStore.open({ url: config.events, cluster: config.eventsCluster }, log);
    try {
      const [answer] = await events.query<{ version: string; shards: number }>(
        `SELECT version() AS version, (SELECT uniqExact(shard_num) FROM system.clusters WHERE cluster = {cluster:String}) AS shards`,
        { cluster: config.eventsCluster ?? '' },
      );
      if (config.eventsCluster !== undefined && answer?.shards === 0)
        throw new Error(`ClickHouse ${answer.version} knows no cluster "${config.eventsCluster}"`);
      return `ClickHouse ${answer?.version}${config.eventsCluster === undefined ? '' : `, ${answer?.shards} shards`}`;
    } finally {
      await events.close();
    }
  });
  await look('key of what is sealed', () => `key ${openSeal(config.sealKey ?? join(folder, 'seal.key')).keyId}`);
  await look('TLS', () => {
    const certificates = serverCertificates(config, log);
    if (certificates === undefined)
      return config.tls === 'off' ? 'left to a proxy' : 'not needed on a loopback address';
    const { pin, expiresAtMs } = certificates.current;
    if (expiresAtMs < Date.now()) throw new Error(`the certificate ended at ${new Date(expiresAtMs).toISOString()}`);
    return `until ${new Date(expiresAtMs).toISOString()}, pin ${pin}`;
  });
  return parts;
}

async function checkSqlite(control: ControlStore): Promise<string> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(control);
  const said = rows.map((row) => row.integrity_check).join('; ');
  if (said !== 'ok') throw new Error(`the file is damaged: ${said.slice(0, 300)}`);
  return 'a file, whole, up to date';
}

async function checkPostgres(control: ControlStore): Promise<string> {
  const { rows } = await sql<{ version: string; collation: string; now: number; fsync: string }>`
    select current_setting('server_version') as version, datcollate as collation, current_setting('fsync') as fsync,
      cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now
    from pg_database where datname = current_database()`.execute(control);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL does not tell of its database');
  if (row.fsync !== 'on') throw new Error('PostgreSQL runs with fsync off: what is acknowledged may be lost');
  if (row.collation !== 'C')
    throw new Error(`the database has the collation ${row.collation}: lists are in another order than "C"`);
  const skewMs = Math.abs(Date.now() - row.now);
  if (skewMs > MOST_SKEW_MS) throw new Error(`its clock and this one differ by ${Math.round(skewMs / 1000)} s`);
  return `PostgreSQL ${row.version}, up to date`;
}
