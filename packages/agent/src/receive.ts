import { type FSWatcher, mkdirSync, rmSync, statSync, watch } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type Enrichment, hasEnded, isProcessAlive, ParentFinder, ProbeFile } from '@sentinel/capture';
import type { Activity, AgentCounters, Run, ThrottledRun } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { BatchFormer } from './batch-former.ts';
import { FloodGate, type FloodLimits } from './flood-gate.ts';
import { type InboxFile, listInbox, removeIfEmpty, setAside } from './inbox.ts';
import { Pause } from './pause.ts';

/** Time between two looks at the inbox: while something happens, and at rest. */
const BUSY_MS = 200;
const REST_MS = 1000;
/** Notices of changes are collected this long. */
const SETTLE_MS = 50;
/** Bytes read of one file before others have their turn. */
const PORTION_BYTES = 1024 * 1024;
/** Activities taken of one file at a time. */
const PORTION_ACTIVITIES = 1000;
/** Time between two looks at whether the process of a run still lives. */
const ALIVE_CHECK_MS = 900;
/** Time that a holder has to state the end of a program that is gone. */
const HOLDER_GRACE_MS = 2000;
/** Age at which a file without a complete first line is given up. */
const STILLBORN_MS = 60 * 60 * 1000;
/** Time that a run is remembered as a possible parent after its file is gone. */
const PARENT_MEMORY_MS = 60_000;

/** What the receiver needs. */
export interface ReceiverOptions {
  readonly inbox: string;
  readonly quarantine: string;
  readonly enrichment: Enrichment;
  readonly former: BatchFormer;
  readonly counters: AgentCounters;
  readonly log: Logger;
  /** Hears of every run once, when its probe said hello. */
  readonly onRun?: (run: Run) => void;
  /** Hears of every run once, when its end is known. */
  readonly onEnd?: (run: Run) => void;
  /** Hears what runs did, as it comes. */
  readonly onActivities?: (runId: string, activities: readonly Activity[]) => void;
  /** Hears of a file that vanished before its run had ended. */
  readonly onGap?: () => void;
  /** Hears of a run that begins to be throttled, and of its end. */
  readonly onFlood?: (run: ThrottledRun) => void;
  readonly floodLimits?: FloodLimits;
  /** Whether the spool has room, by giving up bulk where needed; while it has none, probe files wait where they are. */
  readonly makeRoom: () => Promise<boolean>;
}

interface Tracked {
  readonly file: ProbeFile;
  readonly gate: FloodGate;
  isHeld: boolean;
  /** Mark of the former behind this file's last rows. */
  mark: number;
  /** These three of the clock that nobody sets. */
  readonly seenSinceMs: number;
  goneSinceMs: number | undefined;
  aliveCheckedMs: number;
  malformed: number;
  dropped: number;
  run: Run | undefined;
  /** A fault was logged once. */
  hasFailed: boolean;
}

/** Reads every probe file of the inbox as it grows, and deletes it once all it said is durable. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #tracked = new Map<string, Tracked>();
  readonly #parents = new ParentFinder();
  readonly #formerParents: { readonly run: Run; readonly untilMs: number }[] = [];
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #pause = new Pause();
  #loop: Promise<void> | undefined;
  #isStopping = false;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Begins to receive. */
  start(): void {
    mkdirSync(this.#options.inbox, { recursive: true, mode: 0o700 });
    this.#loop = this.#run();
  }

  /** A run that goes on. */
  findRun(runId: string): Run | undefined {
    for (const { run } of this.#tracked.values()) if (run?.id === runId) return run;
    return undefined;
  }

  /** Reads what is there once more and stops. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#pause.wake();
    await this.#loop;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    await this.#guardedScan();
  }

  async #run(): Promise<void> {
    let restMs = BUSY_MS;
    while (!this.#isStopping) {
      const hasChanged = await this.#guardedScan();
      restMs = hasChanged ? BUSY_MS : Math.min(REST_MS, restMs * 1.25);
      if (!this.#isStopping) await this.#pause.wait(restMs);
      if (!this.#isStopping) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }

  async #guardedScan(): Promise<boolean> {
    try {
      return await this.#scan();
    } catch (error) {
      this.#options.log.error({ err: error }, 'the inbox could not be read; trying again');
      return false;
    }
  }

  /** One look at the inbox. @returns whether anything had changed. */
  async #scan(): Promise<boolean> {
    const listing = listInbox(this.#options.inbox);
    this.#watch(listing.folders);
    let hasChanged = false;
    const present = new Set<string>();
    for (const entry of listing.files) {
      present.add(entry.key);
      if (await this.#guardedLook(entry)) hasChanged = true;
    }
    for (const [key, tracked] of this.#tracked) {
      // Deleted by somebody else: what was read is kept.
      if (present.has(key)) continue;
      if (tracked.run?.status === 'running') this.#options.onGap?.();
      this.#forget(key, tracked);
    }
    for (const folder of listing.abandoned) removeIfEmpty(folder);
    this.#options.counters.runsOpen = [...this.#tracked.values()].filter(({ run }) => run?.status === 'running').length;
    this.#forgetFormerParents();
    return hasChanged;
  }

  /** One look at one file; what is wrong with it stays with it. */
  async #guardedLook(entry: InboxFile): Promise<boolean> {
    const tracked = this.#track(entry);
    try {
      const hasRead = await this.#readAll(tracked);
      this.#finish(entry.key, tracked);
      return hasRead;
    } catch (error) {
      if (!tracked.hasFailed)
        this.#options.log.error({ err: error, 'file.path': entry.path }, 'a probe file could not be read');
      tracked.hasFailed = true;
      return false;
    }
  }

  #track(entry: InboxFile): Tracked {
    let tracked = this.#tracked.get(entry.key);
    if (tracked === undefined) {
      const file = new ProbeFile(entry.path, this.#options.enrichment);
      tracked = {
        file,
        gate: new FloodGate(this.#options.floodLimits),
        isHeld: false,
        mark: 0,
        seenSinceMs: performance.now(),
        goneSinceMs: undefined,
        aliveCheckedMs: Number.NEGATIVE_INFINITY,
        malformed: 0,
        dropped: 0,
        run: undefined,
        hasFailed: false,
      };
      this.#tracked.set(entry.key, tracked);
    }
    tracked.file.path = entry.path;
    tracked.isHeld = entry.isHeld;
    return tracked;
  }

  /** Reads a file to its end, in portions, as far as there is room for its rows. */
  async #readAll(tracked: Tracked): Promise<boolean> {
    const { file, gate } = tracked;
    let hasRead = false;
    while (await this.#makeRoom()) {
      const allowedBytes = Math.min(PORTION_BYTES, gate.allowedBytes(performance.now()));
      const isGrown = hasGrown(file);
      const count = isGrown && allowedBytes > 0 ? file.read(allowedBytes) : 0;
      if (count > 0) hasRead = true;
      const throttling = gate.took(count, isGrown && allowedBytes === 0);
      const { runId } = file.assembler.state ?? {};
      if (throttling !== undefined && runId !== undefined) this.#options.onFlood?.({ runId, ...throttling });
      this.#findParent(tracked);
      if (!(await this.#takeRows(tracked)) || count === 0) break;
      await setImmediate();
    }
    return hasRead;
  }

  async #makeRoom(): Promise<boolean> {
    if (!(await this.#options.makeRoom())) return false;
    return !this.#options.former.isFull || (await this.#options.former.flush());
  }

  /** Hands changed rows on. @returns false when there was no room for all. */
  async #takeRows(tracked: Tracked): Promise<boolean> {
    const { assembler } = tracked.file;
    this.#countLines(tracked);
    while (assembler.hasChanges) {
      if (!(await this.#makeRoom())) return false;
      const { run, activities } = assembler.takeChanges(PORTION_ACTIVITIES);
      if (run !== undefined) this.#noteRun(tracked, run);
      if (activities[0] !== undefined) this.#options.onActivities?.(activities[0].runId, activities);
      tracked.mark = this.#options.former.add(run === undefined ? [] : [run], activities);
    }
    return true;
  }

  #countLines(tracked: Tracked): void {
    const { malformed } = tracked.file.assembler;
    this.#options.counters.recordsMalformed += malformed - tracked.malformed;
    tracked.malformed = malformed;
  }

  #noteRun(tracked: Tracked, run: Run): void {
    if (tracked.run === undefined) {
      this.#options.counters.runsSeen++;
      this.#options.onRun?.(run);
    }
    if (run.status !== 'running' && (tracked.run === undefined || tracked.run.status === 'running'))
      this.#options.onEnd?.(run);
    this.#options.counters.activitiesDropped += Math.max(0, run.probe.dropped - tracked.dropped);
    tracked.dropped = Math.max(tracked.dropped, run.probe.dropped);
    tracked.run = run;
    this.#parents.add(run);
  }

  #findParent(tracked: Tracked): void {
    const { assembler } = tracked.file;
    if (assembler.state === undefined || assembler.state.parentByPid !== undefined) return;
    const run = tracked.run ?? assembler.currentRun();
    const parent = run === undefined || run.parentRunId !== undefined ? undefined : this.#parents.find(run);
    if (parent !== undefined) assembler.setParent(parent);
  }

  /** Settles a file that was read to its end: vanished, unusable, or done and durable. */
  #finish(key: string, tracked: Tracked): void {
    const { file } = tracked;
    if (file.setAsideReason !== undefined) {
      if (!tracked.isHeld) this.#setAside(key, tracked, file.setAsideReason);
      return;
    }
    const { state } = file.assembler;
    if (state === undefined) {
      if (!tracked.isHeld && performance.now() - tracked.seenSinceMs > STILLBORN_MS)
        this.#setAside(key, tracked, 'it never had a first line');
      return;
    }
    if (file.assembler.hasChanges) return;
    // One that said its end is about to go, and its file with it.
    if (!hasEnded(state) && performance.now() - tracked.aliveCheckedMs < ALIVE_CHECK_MS) return;
    tracked.aliveCheckedMs = performance.now();
    if (hasGrown(file)) return;
    const pid = Number(state.attributes.get('process.pid') ?? 0);
    if (isProcessAlive(pid, Number(state.startedNs / 1_000_000n))) {
      tracked.goneSinceMs = undefined;
      return;
    }
    tracked.goneSinceMs ??= performance.now();
    // The process may have written between the last read and its end.
    if (hasGrown(file)) return;
    if (!hasEnded(state) && state.vanishedAtMs === undefined) {
      if (tracked.isHeld && performance.now() - tracked.goneSinceMs < HOLDER_GRACE_MS) return;
      file.assembler.markVanished(file.mtimeMs);
      return;
    }
    if (tracked.isHeld || tracked.mark > this.#options.former.durableMark) return;
    rmSync(file.path, { force: true });
    this.#forget(key, tracked);
  }

  #setAside(key: string, tracked: Tracked, reason: string): void {
    this.#countLines(tracked);
    this.#options.log.warn({ 'file.path': tracked.file.path, reason }, 'probe file set aside');
    this.#options.counters.recordsMalformed++;
    setAside(tracked.file.path, this.#options.quarantine);
    this.#forget(key, tracked);
  }

  #forget(key: string, tracked: Tracked): void {
    this.#tracked.delete(key);
    if (tracked.run !== undefined)
      this.#formerParents.push({ run: tracked.run, untilMs: performance.now() + PARENT_MEMORY_MS });
  }

  #forgetFormerParents(): void {
    for (
      let first = this.#formerParents[0];
      first !== undefined && first.untilMs < performance.now();
      first = this.#formerParents[0]
    ) {
      this.#parents.remove(first.run);
      this.#formerParents.shift();
    }
  }

  /** Notices make it quick; the regular look makes it sure. */
  #watch(folders: readonly string[]): void {
    const wanted = new Set(folders);
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder) || this.#isStopping) continue;
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#pause.wake());
        watcher.on('error', () => {
          watcher.close();
          this.#watchers.delete(folder);
        });
        this.#watchers.set(folder, watcher);
      } catch {
        // Out of watches or no such feature: the regular look remains.
      }
    }
  }
}

function hasGrown(file: ProbeFile): boolean {
  if (file.setAsideReason !== undefined) return false;
  const stat = statSync(file.path, { throwIfNoEntry: false });
  return stat !== undefined && stat.size !== file.offset;
}
