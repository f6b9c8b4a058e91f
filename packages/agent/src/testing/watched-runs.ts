import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mixedRuns, type RunKind } from './mixed-runs.ts';

const STARTER = join(import.meta.dirname, 'start-runs.ts');
/** A successful start as strace writes it; with the filter on success it writes each in one piece. */
const EXEC = /^\d+ +execve(?:at)?\("((?:[^"\\]|\\.)*)"/gm;

/** What was started, and what another witness saw of it. */
export interface WatchedRuns {
  readonly started: ReadonlyMap<string, ReadonlyMap<RunKind, number>>;
  /** Starts of each interpreter by strace; absent where there is no strace. */
  readonly execs: ReadonlyMap<string, number> | undefined;
}

/** Starts mixed runs under strace, where it is installed, and counts the starts of programs that it saw. */
export async function startWatchedRuns(
  root: string,
  pythons: readonly string[],
  count: number,
  atATime: number,
): Promise<WatchedRuns> {
  const folder = join(root, 'programs');
  const trace = join(root, 'execs.trace');
  const starter = [process.execPath, STARTER, folder, String(count), String(atATime), ...pythons];
  const hasStrace = spawnSync('strace', ['-V']).status === 0;
  const options = ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=execve,execveat', '-e', 'status=successful', '-o', trace];
  const [program = '', ...args] = hasStrace ? ['strace', ...options, ...starter] : starter;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the runs could not be started: ${code}`);
  const kinds = new Map(mixedRuns(folder, pythons).map((kind) => [kind.name, kind]));
  const counts = JSON.parse(said) as [string, [string, number][]][];
  const started = new Map(
    counts.map(([python, times]) => [
      python,
      new Map(
        times.flatMap(([name, number]): [RunKind, number][] => {
          const kind = kinds.get(name);
          return kind === undefined ? [] : [[kind, number]];
        }),
      ),
    ]),
  );
  return { started, execs: hasStrace ? countExecs(readFileSync(trace, 'latin1'), folder, pythons) : undefined };
}

function countExecs(trace: string, folder: string, pythons: readonly string[]): Map<string, number> {
  const execs = new Map(pythons.map((python) => [python, 0]));
  for (const [, path = ''] of trace.matchAll(EXEC)) {
    const script = path.startsWith(`${folder}/shebang-`) ? Number(path.slice(path.lastIndexOf('-') + 1)) : undefined;
    const python = script === undefined ? path : (pythons[script] ?? path);
    if (execs.has(python)) execs.set(python, (execs.get(python) ?? 0) + 1);
  }
  return execs;
}
