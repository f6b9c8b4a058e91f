import { readFileSync, writeFileSync } from 'node:fs';

/** The file is costly to make. */
const KEPT_MS = 5000;
/** Boot time is known to the second. */
const JITTER_MS = 2000;

let readAtMs = Number.NEGATIVE_INFINITY;
let earliestMs: number | undefined;
let keptIn: string | undefined;

/**
 * Time of the last boot, the earliest that was ever read: it moves when the clock is set, and a run that began before that
 * must not be taken for one whose process is gone.
 */
export function bootTimeMs(): number | undefined {
  const now = performance.now();
  if (now - readAtMs < KEPT_MS) return earliestMs;
  readAtMs = now;
  const timeMs = readBootTime();
  if (timeMs === undefined || timeMs >= (earliestMs ?? Number.POSITIVE_INFINITY) - JITTER_MS) return earliestMs;
  earliestMs = timeMs;
  keep();
  return earliestMs;
}

/** Remembers it in a file too, for the next process that does so: until the computer is started anew. */
export function keepBootTime(path: string): void {
  keptIn = path;
  const [bootId, text] = readText(path)?.trim().split(' ') ?? [];
  const timeMs = Number(text);
  if (bootId === readBootId() && Number.isFinite(timeMs)) earliestMs = Math.min(timeMs, earliestMs ?? timeMs);
  readAtMs = Number.NEGATIVE_INFINITY;
  bootTimeMs();
  keep();
}

function keep(): void {
  if (keptIn === undefined || earliestMs === undefined) return;
  try {
    writeFileSync(keptIn, `${readBootId()} ${earliestMs}\n`, { mode: 0o600 });
  } catch {
    // Then it is known to this process only.
  }
}

function readBootTime(): number | undefined {
  const match = /^btime (\d+)$/m.exec(readText('/proc/stat') ?? '');
  return match === null ? undefined : Number(match[1]) * 1000;
}

function readBootId(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
