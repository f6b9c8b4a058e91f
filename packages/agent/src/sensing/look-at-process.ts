import { closeSync, existsSync, openSync, readlinkSync, readSync } from 'node:fs';
import { commandShape } from './command-shape.ts';
import type { ObservedStart } from './process-sensor.ts';
import { imagePath, isPythonImage, launchedAs, realPath, shebangInterpreter } from './python-image.ts';

/** As much of a command line as is looked at: options stand at its beginning. */
const COMMAND_BYTES = 4096;
const buffer = Buffer.alloc(COMMAND_BYTES);
/** What was found of files is believed so long: the same few programs are started again and again. */
const KEPT_MS = 1000;
const MAX_KEPT = 500;

/** What came of looking at a process that began a program. */
export type Look =
  | { readonly kind: 'python'; readonly start: ObservedStart }
  /** Not Python, or a step on the way to another program. */
  | { readonly kind: 'other' }
  /** Gone already; its path does not tell of Python. */
  | { readonly kind: 'gone' };

interface Program {
  /** Its file, links followed. */
  readonly image: string;
  /** Folder of the virtual environment that it is part of. */
  readonly environment: string | undefined;
  readonly atMs: number;
}

/** Reads of `/proc` what makes a start of a Python: at once, because it may run for milliseconds only. Source: proc(5). */
export class ProcessLook {
  readonly #hosts: ReadonlySet<string>;
  readonly #mountNamespace = link('/proc/self/ns/mnt');
  /** Programs by the path that they were launched with, where that is a program and no script. */
  readonly #programs = new Map<string, Program>();

  /** @param hosts - Programs that carry an interpreter, by path. */
  constructor(hosts: ReadonlySet<string>) {
    this.#hosts = hosts;
  }

  /** @param launched - Path that was executed; undefined where only the process itself is known. */
  look(pid: number, launched: string | undefined, timeMs: number): Look {
    const folder = `/proc/${pid}`;
    // First what is gone first.
    const early = launched !== undefined && isPythonImage(launched) ? commandWords(folder) : undefined;
    const exe = link(`${folder}/exe`);
    if (exe === undefined) return launched === undefined ? { kind: 'gone' } : this.#gone(pid, launched, timeMs);
    const image = imagePath(exe);
    const isHost = this.#hosts.has(image);
    if (!isPythonImage(image) && !isHost) return { kind: 'other' };
    const words = isHost ? [] : (early ?? commandWords(folder));
    const namespace = link(`${folder}/ns/mnt`);
    // A container has both namespaces of its own, or at least this one.
    const isElsewhere = namespace !== undefined && namespace !== this.#mountNamespace;
    let environment: string | undefined;
    if (!isElsewhere) {
      const given = launched ?? words[0] ?? '';
      const absolute = given.startsWith('/')
        ? given
        : given.includes('/')
          ? `${link(`${folder}/cwd`) ?? ''}/${given}`
          : '';
      const found = absolute === '' || exe !== image ? undefined : this.#launched(absolute, image);
      if (found === undefined && launched !== undefined && absolute !== '' && exe === image) return { kind: 'other' };
      environment = (found ?? this.#program(image, image)).environment;
    }
    // An emptied command line is one of a process that is ending.
    const isUnread = !isHost && words.length === 0;
    return {
      kind: 'python',
      start: {
        pid,
        timeMs,
        executable: image,
        environment,
        isElsewhere,
        isUnread,
        ...(isHost ? { flags: [], input: 'none' as const } : commandShape(words)),
      },
    };
  }

  /** The program that a launch led to; undefined where it led to another one. */
  #launched(path: string, image: string): Program | undefined {
    const known = this.#programs.get(path);
    if (known?.image === image && performance.now() - known.atMs < KEPT_MS) return known;
    const program = launchedAs(path, image);
    return program === undefined ? undefined : this.#program(program, image);
  }

  #program(path: string, image: string): Program {
    const known = this.#programs.get(path);
    if (known?.image === image && performance.now() - known.atMs < KEPT_MS) return known;
    const program = { image, environment: environmentOf(path), atMs: performance.now() };
    if (this.#programs.size >= MAX_KEPT) this.#programs.clear();
    this.#programs.set(path, program);
    return program;
  }

  #gone(pid: number, launched: string, timeMs: number): Look {
    const path = isPythonImage(launched) ? launched : (shebangInterpreter(launched) ?? '');
    if (!isPythonImage(path)) return { kind: 'gone' };
    const start = {
      pid,
      timeMs,
      executable: realPath(path) ?? path,
      environment: environmentOf(path),
      isElsewhere: false,
      isUnread: true,
      flags: [],
      input: 'none',
    } as const;
    return { kind: 'python', start };
  }
}

/** Folder of the virtual environment that a program is part of. */
function environmentOf(program: string): string | undefined {
  const prefix = program.slice(0, Math.max(0, program.lastIndexOf('/', program.lastIndexOf('/') - 1)));
  return prefix !== '' && existsSync(`${prefix}/pyvenv.cfg`) ? prefix : undefined;
}

function commandWords(folder: string): string[] {
  const text = readStart(`${folder}/cmdline`);
  if (text === '') return [];
  const words = text.split('\0');
  if (text.endsWith('\0')) words.pop();
  return words;
}

function readStart(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, COMMAND_BYTES, 0));
  } catch {
    return '';
  } finally {
    closeSync(descriptor);
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
