import type { RunQuery, RunRow } from '@sentinel/protocol';
import { isWithin, type Scope } from '../store/scope.ts';

/** Which runs a viewer wants. */
export type StreamFilter = Pick<RunQuery, 'q' | 'endpointId' | 'scriptId' | 'userName'> & { readonly scope: Scope };

/** One event of the stream. */
export type StreamEvent =
  | { readonly kind: 'run'; readonly run: RunRow }
  | { readonly kind: 'dropped'; readonly count: number };

/** More than a person can follow, little enough for any browser. */
const EVENTS_PER_SECOND = 200;
const SECOND_MS = 1_000;

/** One viewer's queue: at most {@link EVENTS_PER_SECOND}, what is left out is counted and told. */
export class RunViewer implements AsyncIterable<StreamEvent> {
  readonly #filter: StreamFilter;
  readonly #onDropped: (count: number) => void;
  #queue: StreamEvent[] = [];
  #dropped = 0;
  #windowStart = 0;
  #inWindow = 0;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(filter: StreamFilter, onDropped: (count: number) => void) {
    this.#filter = filter;
    this.#onDropped = onDropped;
  }

  /** Gives the viewer a run, if it passes the filter and there is room. */
  offer(run: RunRow): void {
    if (this.#closed || !passes(run, this.#filter)) return;
    const nowMs = Date.now();
    if (nowMs - this.#windowStart >= SECOND_MS) {
      this.#windowStart = nowMs;
      this.#inWindow = 0;
    }
    if (this.#inWindow >= EVENTS_PER_SECOND || this.#queue.length >= EVENTS_PER_SECOND) {
      this.leaveOut(1);
      return;
    }
    this.#inWindow++;
    this.#queue.push({ kind: 'run', run });
    this.#wake?.();
  }

  /** Counts runs that the viewer does not get. */
  leaveOut(count: number): void {
    if (count <= 0 || this.#closed) return;
    this.#dropped += count;
    this.#onDropped(count);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#queue.push({ kind: 'dropped', count: this.#dropped });
      this.#dropped = 0;
      this.#wake?.();
    }, SECOND_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamEvent> {
    while (!this.#closed) {
      const event = this.#queue.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
  }
}

function passes(run: RunRow, { q, endpointId, scriptId, userName, scope }: StreamFilter): boolean {
  if (!isWithin(scope, { endpointId: run.endpointId, userName: run.user.name })) return false;
  if (endpointId !== undefined && run.endpointId !== endpointId.toLowerCase()) return false;
  if (scriptId !== undefined && run.script.id !== scriptId) return false;
  if (userName !== undefined && run.user.name !== userName) return false;
  if (q === undefined) return true;
  const text = q.toLowerCase();
  return run.script.name.toLowerCase().includes(text) || (run.script.path ?? '').toLowerCase().includes(text);
}
