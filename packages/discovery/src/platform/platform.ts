import type { InterpreterFound, PythonProcess, ReferenceFound, ScheduleFound } from '@sentinel/protocol';
import type { MachineFacts } from '../machine-facts.ts';

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

/** The platform by the name that Node gives it. The others are not even loaded: an unchanged rescan is over in the time that takes. */
export async function platformOf(nodePlatform: string): Promise<Platform> {
  if (nodePlatform === 'win32') return (await import('./windows.ts')).windows;
  return nodePlatform === 'darwin' ? (await import('./macos.ts')).macos : (await import('./linux.ts')).linux;
}
