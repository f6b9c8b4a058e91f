/** A wait that can be cut short. */
export class Pause {
  #wake: (() => void) | undefined;
  #isWoken = false;

  /** Waits until the time is over or somebody wakes it; a wake-up before counts. */
  async wait(durationMs: number): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        // Beyond this a timer fires at once.
        const timer = setTimeout(resolve, Math.min(durationMs, 0x7fffffff));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isWoken = false;
    this.#wake = undefined;
  }

  /** Ends the wait under way, or the next one. */
  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }
}
