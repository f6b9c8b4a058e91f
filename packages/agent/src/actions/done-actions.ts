import { readFileSync } from 'node:fs';
import { ActionResult } from '@sentinel/protocol';
import { z } from 'zod';
import { writeDurably } from '../write-durably.ts';

const Entry = z.object({
  id: z.uuid(),
  untilMs: z.number(),
  /** Absent while it is under way, and after a crash in it. */
  result: ActionResult.optional(),
  isReported: z.boolean(),
});
type Entry = z.infer<typeof Entry>;

/** Actions that were begun here, durable before they are begun: what was begun once is never begun again. */
export class DoneActions {
  readonly #path: string;
  readonly #entries = new Map<string, Entry>();

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads what was done.
   * @throws Error where the file is damaged: without it, an action could be done twice.
   */
  static open(path: string): DoneActions {
    const done = new DoneActions(path);
    let text: string | undefined;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      return done;
    }
    for (const entry of z.array(Entry).parse(JSON.parse(text))) done.#entries.set(entry.id, entry);
    return done;
  }

  /** Whether an action was begun. */
  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Writes down that an action begins. */
  async begin(id: string, untilMs: number): Promise<void> {
    const nowMs = Date.now();
    for (const entry of this.#entries.values()) if (entry.untilMs < nowMs) this.#entries.delete(entry.id);
    this.#entries.set(id, { id, untilMs, isReported: false });
    await this.#write();
  }

  /** Has an action never begin here: what was lifted before it came. */
  async forbid(id: string, untilMs: number): Promise<void> {
    if (this.has(id)) return;
    this.#entries.set(id, {
      id,
      untilMs,
      isReported: false,
      result: { state: 'refused', detail: 'it was lifted before it was done' },
    });
    await this.#write();
  }

  /** Writes down what came of it. */
  async finish(id: string, result: ActionResult): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.set(id, { ...entry, result });
    await this.#write();
  }

  /** Writes down that the server knows. */
  async reported(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.set(id, { ...entry, isReported: true });
    await this.#write();
  }

  /** What the server does not know yet. One without a result was cut off by the end of the agent. */
  get unreported(): { readonly id: string; readonly result: ActionResult }[] {
    return [...this.#entries.values()]
      .filter(({ isReported }) => !isReported)
      .map(({ id, result }) => ({
        id,
        result: result ?? { state: 'failed', detail: 'the agent ended while it did it' },
      }));
  }

  #write(): Promise<void> {
    return writeDurably(this.#path, `${JSON.stringify([...this.#entries.values()])}\n`, 0o600);
  }
}
