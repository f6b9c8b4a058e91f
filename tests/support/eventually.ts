import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats `attempt` until it stops throwing, then gives its result.
 * @throws the last error once `withinMs` have passed.
 */
export async function eventually<T>(withinMs: number, attempt: () => Promise<T> | T): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}
