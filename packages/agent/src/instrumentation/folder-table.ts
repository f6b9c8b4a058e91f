import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isEnvironment } from './target.ts';

/** Folders that are remembered: each costs one look at its time, some 3 microseconds. */
const MAX_FOLDERS = 4000;
const MAX_DEPTH = 4;
/** A folder this new may become an environment: its `pyvenv.cfg` comes after it. */
const YOUNG_MS = 60_000;
/** Never entered: no environment that people make lies there, and some are large. */
const SKIPPED = new Set([
  'node_modules',
  '__pycache__',
  'site-packages',
  'dist-packages',
  'proc',
  'sys',
  'dev',
  'run',
  'lost+found',
]);
/** Folders with a dot that hold environments. */
const ENTERED = new Set([
  '.virtualenvs',
  '.venvs',
  '.pyenv',
  '.local',
  '.cache',
  '.conda',
  '.asdf',
  '.tox',
  '.nox',
  '.direnv',
  '.pixi',
]);

/** Remembers folders by the time of their last change, and tells of environments that appear below them. */
export class FolderTable {
  readonly #folders = new Map<string, { readonly depth: number; mtimeMs: number }>();
  readonly #environments = new Set<string>();
  /** New folders, looked at again until this time. */
  readonly #young = new Map<string, number>();

  /** @param roots - Folders with what lies some steps below them. */
  constructor(roots: readonly string[]) {
    for (const root of roots) this.#add(root, 0);
  }

  /** Folders worth a notice of their own, nearest to the roots first. */
  get folders(): string[] {
    return [...this.#folders.keys()];
  }

  /** Environments that are new since the last call; the first call gives all that are there. */
  takeNew(nowMs: number): string[] {
    const found: string[] = [];
    for (const [folder, known] of this.#folders) {
      const mtimeMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
      if (mtimeMs === undefined) this.#folders.delete(folder);
      else if (mtimeMs !== known.mtimeMs) {
        known.mtimeMs = mtimeMs;
        this.#read(folder, known.depth, nowMs, found);
      }
    }
    for (const [folder, untilMs] of this.#young) {
      if (isEnvironment(folder)) this.#take(folder, found);
      if (nowMs > untilMs || this.#environments.has(folder)) this.#young.delete(folder);
    }
    for (const folder of this.#environments) if (!isEnvironment(folder)) this.#forget(folder, nowMs);
    return found;
  }

  #read(folder: string, depth: number, nowMs: number, found: string[]): void {
    let names: string[];
    try {
      names = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    } catch {
      return;
    }
    for (const name of names) {
      if (SKIPPED.has(name)) continue;
      const path = join(folder, name);
      if (this.#folders.has(path) || this.#environments.has(path)) continue;
      if (isEnvironment(path)) {
        this.#take(path, found);
        continue;
      }
      const changedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (nowMs - changedMs < YOUNG_MS) this.#young.set(path, nowMs + YOUNG_MS);
      if (depth < MAX_DEPTH && (!name.startsWith('.') || ENTERED.has(name)) && this.#add(path, depth + 1)) {
        const known = this.#folders.get(path);
        if (known !== undefined) known.mtimeMs = changedMs;
        this.#read(path, depth + 1, nowMs, found);
      }
    }
  }

  #add(path: string, depth: number): boolean {
    if (this.#folders.size >= MAX_FOLDERS) return false;
    // A time that no folder has: it is read at the next look.
    this.#folders.set(path, { depth, mtimeMs: -1 });
    return true;
  }

  #take(folder: string, found: string[]): void {
    this.#environments.add(folder);
    this.#folders.delete(folder);
    found.push(folder);
  }

  /** Made anew in its place, it is new. */
  #forget(folder: string, nowMs: number): void {
    this.#environments.delete(folder);
    this.#young.set(folder, nowMs + YOUNG_MS);
  }
}
