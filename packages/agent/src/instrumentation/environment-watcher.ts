import {
  closeSync,
  constants,
  existsSync,
  type FSWatcher,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  watch,
} from 'node:fs';
import { dirname, sep } from 'node:path';
import { agentFolders } from '@sentinel/capture';
import type { Logger } from 'pino';
import { Pause } from '../pause.ts';
import { hashOf } from './file-change.ts';
import { FolderTable } from './folder-table.ts';
import { compileProbe, instrument, stampOf } from './instrument.ts';
import { type Manifest, type ManifestEntry, readManifest, withManifest } from './manifest.ts';
import { openProbePlaces } from './spool-access.ts';
import { isEnvironment, type Target, targetAt } from './target.ts';

/** Longest time until something new is seen, notices or not. */
const INTERVAL_MS = 2000;
/** Time that a maker of environments gets after a notice. */
const SETTLE_MS = 150;
const MAX_NOTICES = 512;
/** Ours are smaller. */
const MAX_FILE_BYTES = 1024 * 1024;
/** An environment that is not ready is tried again until then. */
const PATIENCE_MS = 60_000;
/** Folder that is too much to walk: there the homes are taken. */
const WHOLE_MACHINE = '/';

/** Keeps what is instrumented instrumented, and instruments new environments where an operator asked for it. */
export class EnvironmentWatcher {
  readonly #data: string;
  readonly #log: Logger;
  readonly #path: string;
  readonly #onDamaged: () => void;
  /** Entries with a file that was not as written, at the last look. */
  readonly #odd = new Set<string>();
  /** Last change, size and hash of files that were read and found as written. */
  readonly #sound = new Map<string, string>();
  readonly #pause = new Pause();
  readonly #notices = new Map<string, FSWatcher>();
  /** Environments to instrument, with the time at which to give up. */
  readonly #waiting = new Map<string, number>();
  #manifest: Manifest = { version: 1, exempt: [], entries: [], hosts: [] };
  #manifestStamp = '';
  #table: FolderTable | undefined;
  #roots = '';
  #compiling: Promise<void> | undefined;
  #isStopping = false;
  #loop: Promise<void> | undefined;

  /** @param onDamaged - Hears of each instrumented interpreter that lost a file of ours while it stayed the same. */
  constructor(data: string, log: Logger, onDamaged: () => void = () => undefined) {
    this.#onDamaged = onDamaged;
    this.#data = data;
    this.#log = log;
    this.#path = agentFolders(data).instrumentation;
  }

  /** What is instrumented, as last read. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  start(): void {
    this.#reload();
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#pause.wake();
    await this.#loop;
    await this.#compiling?.catch(() => undefined);
    for (const notice of this.#notices.values()) notice.close();
  }

  /** Looks at everything again, now. */
  rescan(): void {
    this.#manifestStamp = '';
    this.#pause.wake();
  }

  /** A start in an environment was seen: it may be one that no folder told of. */
  noticed(environment: string): void {
    const roots = this.#manifest.roots ?? [];
    if (!roots.some((root) => root === WHOLE_MACHINE || environment.startsWith(root + sep))) return;
    if (!this.#needs(environment)) return;
    this.#waiting.set(environment, Date.now() + PATIENCE_MS);
    this.#pause.wake();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#look();
      } catch (error) {
        this.#log.warn({ err: error }, 'environments could not be looked at; trying again');
      }
      if (!this.#isStopping) await this.#pause.wait(INTERVAL_MS);
      if (!this.#isStopping) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }

  async #look(): Promise<void> {
    this.#reload();
    const now = Date.now();
    for (const folder of this.#table?.takeNew(now) ?? [])
      if (this.#needs(folder)) this.#waiting.set(folder, now + PATIENCE_MS);
    this.#takeNotices();
    const targets = this.#damaged();
    for (const [folder, untilMs] of this.#waiting) {
      const target = isEnvironment(folder) ? targetAt(folder) : undefined;
      if (target !== undefined) targets.push(target);
      if (now > untilMs) this.#waiting.delete(folder);
    }
    if (targets.length > 0) await this.#instrument(targets);
  }

  async #instrument(targets: readonly Target[]): Promise<void> {
    const { home, spool } = openProbePlaces(this.#data);
    await withManifest(this.#path, async (manifest, save) => {
      for (const target of targets) {
        if (manifest.exempt.includes(target.key)) continue;
        const result = await instrument(target, manifest, { home, spool, isDryRun: false, compiles: true });
        if (result.outcome === 'instrumented' || result.outcome === 'unchanged')
          this.#waiting.delete(target.environment ?? '');
        if (result.outcome !== 'unchanged')
          this.#log.info(
            { 'file.path': target.key, outcome: result.outcome, reason: result.reason },
            'environment instrumented',
          );
        await save();
      }
      // What is gone needs nothing put back.
      manifest.entries = manifest.entries.filter(
        ({ executable, files }) => existsSync(executable) || files.some(({ path }) => existsSync(path)),
      );
    });
    this.#reload();
    // Takes seconds where it is to be done; new environments do not wait for it.
    this.#compiling ??= compileProbe(this.#manifest, home).finally(() => {
      this.#compiling = undefined;
    });
    this.#compiling.catch(() => undefined);
  }

  /** Instrumented ones that lost a file of ours, or got another program: made anew, upgraded, tampered with. */
  #damaged(): Target[] {
    return this.#manifest.entries
      .filter((entry) => entry.outcome === 'instrumented' && existsSync(entry.executable))
      .filter((entry) => {
        const isSame = stampOf(entry.executable) === entry.stamp;
        const isMissing = entry.files.some(
          ({ path, after }) => after !== null && !existsSync(path) && existsSync(dirname(path)),
        );
        const isChanged = this.#isChanged(entry);
        if (isSame && (isMissing || isChanged)) this.#onDamaged();
        return !isSame || isMissing || isChanged;
      })
      .map(({ key, executable, environment }) => ({ key, executable, environment }));
  }

  /** Whether a file that is ours alone is another, and was at the look before: an installation may be under way. */
  #isChanged({ key, files }: ManifestEntry): boolean {
    const isOdd = files.some(({ path, before, after }) => {
      if (before.content !== null || after === null) return false;
      const stat = statSync(path, { throwIfNoEntry: false });
      const stamp = `${stat?.mtimeMs} ${stat?.size} ${after}`;
      if (stat === undefined || this.#sound.get(path) === stamp) return false;
      const isSound = hashOfFile(path) === after;
      if (isSound) this.#sound.set(path, stamp);
      return !isSound;
    });
    const wasOdd = this.#odd.has(key);
    if (isOdd) this.#odd.add(key);
    else this.#odd.delete(key);
    return isOdd && wasOdd;
  }

  #needs(environment: string): boolean {
    const { entries, exempt } = this.#manifest;
    return (
      !exempt.includes(environment) &&
      !entries.some(({ key, outcome }) => key === environment && outcome !== 'cannot-run')
    );
  }

  #reload(): void {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    const stamp = stat === undefined ? '' : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
    if (stamp === this.#manifestStamp) return;
    this.#manifest = readManifest(this.#path);
    this.#manifestStamp = stamp;
    const roots = this.#watchedRoots();
    if (roots.join('\n') === this.#roots) return;
    this.#roots = roots.join('\n');
    this.#table = roots.length === 0 ? undefined : new FolderTable(roots);
  }

  /** Folders whose new environments are wanted; for the whole machine the homes and where environments are already. */
  #watchedRoots(): string[] {
    const { roots = [], entries } = this.#manifest;
    if (!roots.includes(WHOLE_MACHINE)) return [...roots];
    const beside = entries.flatMap(({ environment }) => (environment === undefined ? [] : [dirname(environment)]));
    return [...new Set([...homes(), ...beside])].filter((folder) => existsSync(folder));
  }

  #takeNotices(): void {
    const wanted = new Set(this.#table?.folders.slice(0, MAX_NOTICES) ?? []);
    for (const [folder, notice] of this.#notices)
      if (!wanted.has(folder)) {
        notice.close();
        this.#notices.delete(folder);
      }
    for (const folder of wanted) {
      if (this.#notices.has(folder)) continue;
      try {
        const notice = watch(folder, { persistent: false }, (kind) => {
          // A file that is written again and again makes no environment.
          if (kind === 'rename') this.#pause.wake();
        });
        notice.on('error', () => {
          notice.close();
          this.#notices.delete(folder);
        });
        this.#notices.set(folder, notice);
      } catch {
        // Out of watches: the regular look remains.
        return;
      }
    }
  }
}

/** Homes of people on Unix. Source: passwd(5). */
function homes(): string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([, , uid]) => Number(uid) === 0 || (Number(uid) >= 500 && Number(uid) < 60_000))
      .map((fields) => fields[5] ?? '')
      .filter((home) => home.length > 1);
  } catch {
    return [];
  }
}

/** Hash of a file, whoever may have put something else in its place; undefined for what is no small file. */
function hashOfFile(path: string): string | null | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) return undefined;
    return hashOf(readFileSync(descriptor, 'base64'));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
