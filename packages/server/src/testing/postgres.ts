import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** Where Debian and Red Hat put the programs of each version. */
const ROOTS = ['/usr/lib/postgresql', '/usr/pgsql'];
const READY_MS = 60_000;

/** A PostgreSQL of its own: loopback, a free port, a temporary folder. */
export interface Postgres {
  /** A database of its own; the order of texts in it is that of SQLite. */
  createDatabase(): Promise<string>;
  dropDatabase(url: string): Promise<void>;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Kills every process of it without warning. */
  crash(): Promise<void>;
  /** Starts it again on its folder and port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Folder of `postgres`, `initdb` and `pg_dump`; undefined where PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  return ROOTS.filter((root) => existsSync(root))
    .flatMap((root) => readdirSync(root).map((version) => join(root, version, 'bin')))
    .filter((folder) => existsSync(join(folder, 'initdb')))
    .sort()
    .at(-1);
}

/** Starts a PostgreSQL; it ends with this process at the latest. */
export async function startPostgres({ isDurable = false } = {}): Promise<Postgres> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)');
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-postgres-'));
  // PostgreSQL refuses to run as root.
  const account = process.getuid?.() === 0 ? accountOf('postgres') : {};
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid ?? account.uid);
  const data = join(folder, 'data');
  const options = { cwd: folder, ...account, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' } };
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'sentinel', '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '--no-sync'],
    { ...options, stdio: 'ignore' },
  );
  const port = await freePort();
  const url = (database: string) => `postgres://sentinel@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | undefined;
  process.once('exit', () => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const administer = async (statement: string) => {
    const client = new Client({ connectionString: url('postgres') });
    client.on('error', () => {});
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const start = async () => {
    server = spawn(
      join(programs, 'postgres'),
      [
        '-D',
        data,
        '-p',
        String(port),
        '-k',
        folder,
        '-h',
        '127.0.0.1',
        '-c',
        `fsync=${isDurable ? 'on' : 'off'}`,
        '-c',
        'shared_buffers=16MB',
        '-c',
        'max_connections=120',
      ],
      { ...options, stdio: 'ignore' },
    );
    server.unref();
    const end = Date.now() + READY_MS;
    while (
      !(await administer('select 1').then(
        () => true,
        () => false,
      ))
    ) {
      if (server.exitCode !== null || Date.now() > end) throw new Error('PostgreSQL does not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const ended = async (signal: NodeJS.Signals) => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.ref();
    const exit = once(server, 'exit');
    server.kill(signal);
    await exit;
  };
  await start();
  return {
    get pid() {
      return server?.pid ?? 0;
    },
    async createDatabase() {
      const name = `sentinel_${randomBytes(6).toString('hex')}`;
      await administer(`create database ${name} template template0 lc_collate 'C' lc_ctype 'C' encoding 'UTF8'`);
      return url(name);
    },
    dropDatabase: (database) =>
      administer(`drop database if exists ${new URL(database).pathname.slice(1)} with (force)`),
    start,
    crash: () => ended('SIGQUIT'),
    async stop() {
      await ended('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port of the loopback interface that nobody uses now. */
export async function freePort(): Promise<number> {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function accountOf(name: string): { uid?: number; gid?: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`there is no account "${name}" to run PostgreSQL as`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
