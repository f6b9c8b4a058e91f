import type { MessagePort } from 'node:worker_threads';
import type { ObservedStart } from './process-sensor.ts';

/** What the reading thread gets. */
export interface TraceReaderData {
  /** Descriptor of the trace; the other thread opens and closes it. */
  readonly pipe: number;
  readonly hosts: readonly string[];
  /** Where starts are put; the other thread takes them when it likes. */
  readonly news: MessagePort;
  /** Counters that both threads see; see the indices below. */
  readonly shared: SharedArrayBuffer;
}

/** Places in the shared counters. */
export const SHARED = { execs: 0, unread: 1, stop: 2 } as const;

/** What the reading thread says. */
export interface TraceNews {
  readonly starts: readonly ObservedStart[];
}
