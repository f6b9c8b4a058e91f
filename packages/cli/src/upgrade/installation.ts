import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** An upgrade between its switch and its verdict. */
export interface Pending {
  readonly from: string;
  readonly to: string;
  readonly switchedAtMs: number;
}

const EXECUTABLE = process.platform === 'win32' ? 'sentinel.exe' : 'sentinel';

/**
 * Where versions of the product lie side by side:
 *
 *     versions/<version>/sentinel     one folder a version
 *     current -> versions/<version>   the one that the service starts
 *     previous -> versions/<version>  the one before
 *     upgrade.json                    there while nobody knows yet whether the current one works
 */
export class Installation {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Version that the service starts; undefined where nothing is installed. */
  get current(): string | undefined {
    return this.#linked('current');
  }

  get previous(): string | undefined {
    return this.#linked('previous');
  }

  /** Path of a version's executable. */
  executable(version: string): string {
    return join(this.folder, 'versions', version, EXECUTABLE);
  }

  /** Puts an executable beside the others, whole or not at all. */
  stage(file: string, version: string): string {
    const target = this.executable(version);
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    const temporary = `${target}.new`;
    copyFileSync(file, temporary);
    const handle = openSync(temporary, 'r+', 0o755);
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    chmodSync(temporary, 0o755);
    renameSync(temporary, target);
    return target;
  }

  /** Makes a version the current one, and the one before it the previous; `pending` is written first. */
  switchTo(version: string, nowMs: number): void {
    const from = this.current;
    if (from !== undefined) {
      writeFileSync(this.#pendingFile, JSON.stringify({ from, to: version, switchedAtMs: nowMs } satisfies Pending));
      this.#link('previous', from);
    }
    this.#link('current', version);
  }

  /** The upgrade that has no verdict yet. */
  get pending(): Pending | undefined {
    try {
      const read = JSON.parse(readFileSync(this.#pendingFile, 'utf8')) as Partial<Pending>;
      if (typeof read.from !== 'string' || typeof read.to !== 'string') return undefined;
      return { from: read.from, to: read.to, switchedAtMs: read.switchedAtMs ?? 0 };
    } catch {
      return undefined;
    }
  }

  /** The current version works: older ones than the previous go. */
  confirm(): void {
    rmSync(this.#pendingFile, { force: true });
    const kept = new Set([this.current, this.previous]);
    for (const version of readdirSync(join(this.folder, 'versions')))
      if (!kept.has(version)) rmSync(join(this.folder, 'versions', version), { recursive: true, force: true });
  }

  /** The version before is the current one again. */
  rollBack({ from, to }: Pending): void {
    this.#link('current', from);
    rmSync(join(this.folder, 'versions', to), { recursive: true, force: true });
    rmSync(join(this.folder, 'previous'), { force: true });
    rmSync(this.#pendingFile, { force: true });
  }

  get #pendingFile(): string {
    return join(this.folder, 'upgrade.json');
  }

  #linked(name: string): string | undefined {
    try {
      return basename(readlinkSync(join(this.folder, name)));
    } catch {
      return undefined;
    }
  }

  #link(name: string, version: string): void {
    const temporary = join(this.folder, `.${name}.new`);
    rmSync(temporary, { force: true });
    // A junction needs no privilege on Windows; elsewhere the kind is ignored.
    const target = process.platform === 'win32' ? join(this.folder, 'versions', version) : join('versions', version);
    symlinkSync(target, temporary, 'junction');
    renameSync(temporary, join(this.folder, name));
  }
}
