import { readSync } from 'node:fs';
import type { ObservedStart } from './process-sensor.ts';
import { parseTraceLine } from './trace-line.ts';

const PORTION_BYTES = 64 * 1024;
/** A start may be told after its end was read; ends are remembered so long. */
const MEMORY_MS = 10_000;

/** Reads ends of processes without waiting, and gives those of processes that somebody asks for. */
export class EndReader {
  readonly #descriptor: number;
  readonly #portion = Buffer.allocUnsafe(PORTION_BYTES);
  #rest = '';
  /** Ends of all processes of the last seconds. */
  readonly #ends = new Map<number, number>();
  readonly #expected = new Map<number, number>();

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Reads what there is. */
  read(): void {
    const offsetMs = Date.now() - Number(process.hrtime.bigint()) / 1e6;
    for (let count = this.#readPortion(); count > 0; count = this.#readPortion()) {
      const lines = (this.#rest + this.#portion.toString('latin1', 0, count)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = parseTraceLine(line);
        if (event?.kind === 'exit') this.#ends.set(event.pid, event.timeS * 1000 + offsetMs);
      }
    }
  }

  /** From now on the end of this process is wanted. */
  expect({ pid, timeMs }: ObservedStart): void {
    this.#expected.set(pid, timeMs);
  }

  /** Ends of expected processes, each once. */
  take(): [pid: number, timeMs: number][] {
    const found: [number, number][] = [];
    for (const [pid, startMs] of this.#expected) {
      const endMs = this.#ends.get(pid);
      if (endMs === undefined || endMs < startMs) continue;
      found.push([pid, endMs]);
      this.#expected.delete(pid);
    }
    const oldest = Date.now() - MEMORY_MS;
    for (const [pid, endMs] of this.#ends) if (endMs < oldest) this.#ends.delete(pid);
    return found;
  }

  #readPortion(): number {
    try {
      return readSync(this.#descriptor, this.#portion, 0, PORTION_BYTES, null);
    } catch {
      // Nothing there.
      return 0;
    }
  }
}
