import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { PythonProcess } from '@sentinel/protocol';
import { timestamp } from '../classify/file-facts.ts';
import { isPythonProgram, pythonCommandOf } from '../classify/python-command.ts';
import type { MachineFacts } from '../machine-facts.ts';

/** Ticks of a second in `proc`. Source: sysconf(3), _SC_CLK_TCK; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const LIBRARY = /\/libpython[23][\w.]*\.so/;

/** Pythons that run now. Environment variables are never read; arguments are counted, not kept. Source: proc(5). */
export function linuxProcesses(proc: string, machine: MachineFacts): { processes: PythonProcess[]; notes: string[] } {
  const processes: PythonProcess[] = [];
  let unreadable = 0;
  const bootMs = Number(/^btime (\d+)/m.exec(read(join(proc, 'stat')) ?? '')?.[1] ?? 0) * 1000;
  for (const name of list(proc)) {
    if (!/^\d+$/.test(name)) continue;
    const folder = join(proc, name);
    const executable = link(join(folder, 'exe'));
    if (executable === undefined) {
      // A kernel thread has no command line either.
      if ((read(join(folder, 'cmdline')) ?? '') !== '') unreadable += 1;
      continue;
    }
    const isPython = isPythonProgram(executable.replace(/ \(deleted\)$/, ''));
    const isEmbedded = !isPython && LIBRARY.test(read(join(folder, 'maps')) ?? '');
    if (isPython || isEmbedded) processes.push(describe(Number(name), folder, executable, isEmbedded, bootMs, machine));
  }
  const notes =
    unreadable === 0
      ? []
      : [`${unreadable} ${unreadable === 1 ? 'process' : 'processes'} of other accounts could not be looked at`];
  return { processes, notes };
}

function describe(
  pid: number,
  folder: string,
  executable: string,
  isEmbedded: boolean,
  bootMs: number,
  machine: MachineFacts,
): PythonProcess {
  const stat = read(join(folder, 'stat')) ?? '';
  // The name stands in brackets and may hold brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const uid = /^Uid:\s+(\d+)/m.exec(read(join(folder, 'status')) ?? '')?.[1];
  const cwd = link(join(folder, 'cwd'));
  const words = (read(join(folder, 'cmdline')) ?? '')
    .split('\0')
    .filter((word, index, all) => index < all.length - 1 || word !== '');
  const command = isEmbedded ? undefined : pythonCommandOf([executable, ...words.slice(1)], cwd);
  const ticks = Number(fields[19] ?? Number.NaN);
  const name = machine.users[Number(uid)];
  const owner = uid === undefined ? {} : { uid: Number(uid), ...(name === undefined ? {} : { name }) };
  return {
    pid,
    parentPid: Number(fields[1] ?? 0),
    executable,
    ...(command === undefined ? {} : { command }),
    ...(cwd === undefined ? {} : { cwd }),
    owner,
    ...(bootMs > 0 && Number.isFinite(ticks)
      ? { startedAt: timestamp(bootMs + (ticks * 1000) / TICKS_PER_SECOND) }
      : {}),
    isEmbedded,
  };
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
