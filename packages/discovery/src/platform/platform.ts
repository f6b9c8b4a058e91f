import type { InterpreterFound, PythonProcess, ReferenceFound, ScheduleFound } from '@sentinel/protocol';
import type { MachineFacts } from '../machine-facts.ts';
import { linux } from './linux.ts';
import { macos } from './macos.ts';
import { windows } from './windows.ts';

/** What is asked of an operating system. All of it reads files; none of it starts a program. */
export interface Platform {
  readonly name: MachineFacts['platform'];
  /** Whether this has been run on a real machine of its kind. */
  readonly isVerified: boolean;
  /** Facts for the walk. `systemRoot` is `/` or a recorded tree. */
  readonly facts: (systemRoot: string, roots: readonly string[], takesNetwork: boolean) => MachineFacts;
  readonly schedules: (facts: MachineFacts) => { schedules: ScheduleFound[]; notes: string[] };
  readonly processes: (facts: MachineFacts) => { processes: PythonProcess[]; notes: string[] };
  /** Interpreters, and other systems with their own, that only the system's records name. */
  readonly registered: (facts: MachineFacts) => {
    interpreters: InterpreterFound[];
    references: ReferenceFound[];
    notes: string[];
  };
}

/** The platform by the name that Node gives it. */
export function platformOf(nodePlatform: string): Platform {
  if (nodePlatform === 'win32') return windows;
  return nodePlatform === 'darwin' ? macos : linux;
}
