import type { SensorHealth } from '@sentinel/protocol';
import type { CommandShape } from './command-shape.ts';

/** A start of a Python, as the operating system told of it. Arguments are never in it. */
export interface ObservedStart extends CommandShape {
  readonly pid: number;
  /** When the program began, milliseconds since 1970; for a sampled start when it was first seen. */
  readonly timeMs: number;
  /** Program file, links followed; the launched path where the process was gone too soon. */
  readonly executable: string;
  /** Folder of the virtual environment that it was started from. */
  readonly environment: string | undefined;
  /** Whether it runs in a mount or process-id namespace that is not ours. */
  readonly isElsewhere: boolean;
  /** Whether the process was gone before it could be looked at. */
  readonly isUnread: boolean;
}

/** What hears of starts and ends. */
export interface SensorListener {
  readonly onStart: (start: ObservedStart) => void;
  readonly onEnd: (pid: number, timeMs: number) => void;
}

/** Tells of Python starts from outside of them. */
export interface ProcessSensor {
  health(): SensorHealth;
  close(): Promise<void>;
}

/** Sensor of a system where none is built yet. */
export function noSensor(note: string): ProcessSensor {
  return {
    health: () => ({ kind: 'none', note, execs: 0, lost: 0, unread: 0 }),
    close: () => Promise.resolve(),
  };
}
