import type { PythonCommand, ScheduleFound } from '@sentinel/protocol';

/** Files that decide whether a program without an ending is Python: asked by the schedule readers. */
export type IsPythonFile = (path: string) => boolean;

/** Common parts of a schedule. */
export interface ScheduleFile {
  readonly source: string;
  readonly text: string;
}

/** Start of a script that is no Python by its name but is by its first line. */
export function directCommand(words: readonly string[], isPythonFile: IsPythonFile): PythonCommand | undefined {
  const at = words.findIndex((word) => word.startsWith('/'));
  const program = at < 0 ? undefined : words[at];
  if (program === undefined || !isPythonFile(program)) return undefined;
  return { program, script: program, isInline: false, argumentCount: words.length - at - 1 };
}

/** A schedule without the parts that are not known. */
export function schedule(found: { [K in keyof ScheduleFound]: ScheduleFound[K] | undefined }): ScheduleFound {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as ScheduleFound;
}
