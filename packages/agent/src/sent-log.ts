import { appendFile, chown, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { SentLine } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { SpooledBatch } from './batch-file.ts';

const inflate = promisify(gunzip);
/** Two files of this size tell of some months. */
const MAX_BYTES = 1024 * 1024;

interface SentRows {
  readonly runs: readonly { status?: string; script?: { name?: string }; user?: { name?: string; id?: number } }[];
  readonly activities: readonly { type?: string }[];
}

/**
 * Readable log of what was sent: whose script, how much of what, and when. The whole one is the agent's; each account
 * has one of its own runs, which nobody else can read.
 */
export class SentLog {
  readonly #path: string;
  readonly #folder: string;
  readonly #log: Logger;
  #last: Promise<void> = Promise.resolve();

  /**
   * @param path - The whole log.
   * @param folder - Where accounts find theirs, as `<user id>.log`.
   */
  constructor(path: string, folder: string, log: Logger) {
    this.#path = path;
    this.#folder = folder;
    this.#log = log;
  }

  /** Notes a batch that the server has. A fault here costs a line, never a batch. */
  note(batch: SpooledBatch): void {
    this.#last = this.#last
      .then(() => this.#write(batch))
      .catch((error: unknown) => this.#log.warn({ err: error }, 'the log of what was sent lacks a batch'));
  }

  /** Resolves once everything noted is written. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #write({ sequence, body }: SpooledBatch): Promise<void> {
    const { runs, activities } = JSON.parse((await inflate(body)).toString('utf8')) as SentRows;
    const counts: Record<string, number> = {};
    for (const { type = 'unknown' } of activities) counts[type] = (counts[type] ?? 0) + 1;
    const line: SentLine = {
      at: new Date().toISOString(),
      sequence,
      sizeBytes: body.length,
      runs: runs.map(({ status = '', script, user }) => ({
        script: script?.name ?? '',
        user: user?.name ?? '',
        status,
      })),
      activities: counts,
    };
    await append(this.#path, line, 0o600);
    const ids = new Set(runs.flatMap(({ user }) => (user?.id === undefined ? [] : [user.id])));
    if (ids.size === 0) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o755 });
    for (const id of ids) {
      // How much of what belongs to which run is not told here: two accounts in one batch would learn of each other.
      const own = line.runs.filter((_run, place) => runs[place]?.user?.id === id);
      const path = join(this.#folder, `${id}.log`);
      await append(path, { ...line, runs: own, ...(ids.size === 1 ? {} : { activities: {} }) }, 0o600);
      if (process.getuid?.() === 0) await chown(path, id, -1);
    }
  }
}

async function append(path: string, line: SentLine, mode: number): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_BYTES) await rename(path, `${path}.1`);
  await appendFile(path, `${JSON.stringify(line)}\n`, { mode });
}
