/** Something to do at a time. */
interface Entry {
  readonly atMs: number;
  readonly work: () => void;
}

/** Thousands of things to do in time, on one timer. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** Does something after a while; nothing once it was stopped. */
  after(delayMs: number, work: () => void): void {
    if (this.#isStopped) return;
    const entry = { atMs: performance.now() + Math.max(0, delayMs), work };
    this.#push(entry);
    if (this.#heap[0] === entry) this.#arm();
  }

  /** Does nothing more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#heap.length = 0;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [first] = this.#heap;
    if (first === undefined || this.#isStopped) return;
    this.#timer = setTimeout(() => this.#due(), Math.max(1, first.atMs - performance.now()));
  }

  #due(): void {
    const now = performance.now();
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= now; first = this.#heap[0]) {
      this.#pop();
      first.work();
    }
    this.#arm();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Entry;
      if (above.atMs <= entry.atMs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && (heap[right] as Entry).atMs < (heap[left] as Entry).atMs ? right : left;
      if ((heap[child] as Entry).atMs >= last.atMs) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
  }
}
