import type { Services } from '../services.ts';

/** Work that is done again and again in the background. */
export interface Job {
  readonly name: string;
  /** From the end of one round to the start of the next. */
  readonly everyMs: number;
  run(round: { readonly services: Services; readonly signal: AbortSignal }): Promise<void>;
}
