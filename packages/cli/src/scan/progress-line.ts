import { writeSync } from 'node:fs';

const REDRAW_MS = 100;
const BAR_CELLS = 24;

/** One line on a terminal that is drawn over itself; nothing where standard error is no terminal. */
export class ProgressLine {
  readonly #isShown: boolean;
  readonly #columns: number;
  readonly #startedMs = performance.now();
  #drawnMs = Number.NEGATIVE_INFINITY;

  constructor(isShown: boolean, columns: number) {
    this.#isShown = isShown;
    this.#columns = columns;
  }

  /**
   * Draws how far something is.
   * @param share - 0 to 1.
   */
  draw(stage: string, share: number, facts: string, path: string): void {
    const nowMs = performance.now();
    if (!this.#isShown || nowMs - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = nowMs;
    const full = Math.round(share * BAR_CELLS);
    const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`;
    const head = `${stage} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${facts}${this.#remaining(share, nowMs)}  `;
    const room = this.#columns - head.length - 1;
    const tail = room < 12 ? '' : path.length > room ? `…${path.slice(1 - room)}` : path;
    // Control signs in a path must not reach the terminal.
    write(`\r\u001B[2K${head}${tail.replaceAll(/\p{Cc}/gu, '?')}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isShown) write('\r\u001B[2K');
  }

  #remaining(share: number, nowMs: number): string {
    const elapsedMs = nowMs - this.#startedMs;
    if (share < 0.02 || elapsedMs < 1000) return '';
    const seconds = Math.round((elapsedMs * (1 - share)) / share / 1000);
    return seconds < 90 ? `, ${seconds} s left` : `, ${Math.round(seconds / 60)} min left`;
  }
}

function write(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Progress is worth no failure.
  }
}
