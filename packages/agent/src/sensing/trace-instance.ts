import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { lockHolder, lockText } from '@sentinel/capture';

/** Where a system mounts it, if it does. Source: kernel documentation, ftrace. */
const USUAL = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
const PREFIX = 'sentinel-';
const OPTIONS = 'nosuid,nodev,noexec,mode=700';
const WAIT_MS = 5;
const MOUNT_TIMEOUT_MS = 3000;
/** Room per processor: some 3,000 starts while nobody reads. */
const BUFFER_KIB = 256;
const EXEC = 'events/sched/sched_process_exec';
const EXIT = 'events/sched/sched_process_exit';

/** A trace of our own in the kernel, which disturbs no other user of tracing. */
export interface TraceInstance {
  /** Descriptor that gives starts of programs, and waits while there is none. */
  readonly execs: number;
  /** Descriptor that gives ends of processes, and never waits: a reader that woke for each would cost as much again. */
  readonly exits: number;
  /** Wakes whoever waits for starts. */
  wake(): void;
  /** Events that the kernel had no room for, so far. */
  lost(): number;
  /** Closes everything and takes the instance away; nobody may read the pipe any more. */
  close(): void;
}

let made = 0;

/**
 * Makes a trace instance that tells of program starts and ends; removes those of dead agents. Where tracing is mounted nowhere
 * it is mounted privately for the moment only: what is open stays open, and a killed agent leaves no mount.
 * @throws Error with a sentence where the system does not allow it.
 */
export function openTraceInstance(): TraceInstance {
  const name = `${PREFIX}${lockText().trim().replace(' ', '-')}-${++made}`;
  const names = [`${name}-execs`, `${name}-exits`] as const;
  const opened: number[] = [];
  const close = () => {
    for (const descriptor of opened.splice(0)) closeSync(descriptor);
    withTracing((instances) => {
      for (const each of names) removeInstance(join(instances, each));
    });
  };
  try {
    return withTracing((instances) => {
      removeStale(instances);
      const open = (instance: string, path: string, flags: string | number) => {
        const descriptor = openSync(join(instances, instance, path), flags);
        opened.push(descriptor);
        return descriptor;
      };
      const [execs, exits] = names;
      setUp(join(instances, execs), EXEC);
      setUp(join(instances, exits), EXIT);
      const marker = open(execs, 'trace_marker', 'w');
      const stats = names.flatMap((each) =>
        readdirSync(join(instances, each, 'per_cpu')).map((cpu) => open(each, join('per_cpu', cpu, 'stats'), 'r')),
      );
      return {
        execs: open(execs, 'trace_pipe', 'r'),
        exits: open(exits, 'trace_pipe', constants.O_RDONLY | constants.O_NONBLOCK),
        wake: () => void writeSync(marker, 'wake'),
        lost: () => stats.reduce((sum, descriptor) => sum + lostEvents(descriptor), 0),
        close,
      };
    });
  } catch (error) {
    if (opened.length > 0) close();
    throw new Error(`the kernel's trace cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

/** Names of all trace instances of this computer. */
export function instanceNames(): string[] {
  return withTracing((instances) => readdirSync(instances));
}

function setUp(folder: string, event: string): void {
  mkdirSync(folder);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  // The clock of process.hrtime, so that a time set anew moves nothing.
  write('trace_clock', 'mono');
  write('buffer_size_kb', String(BUFFER_KIB));
  if (event === EXIT)
    try {
      write(`${EXIT}/filter`, 'group_dead==1');
    } catch {
      // Older kernels do not tell threads and processes apart here.
    }
  write(`${event}/enable`, '1');
}

/** Where tracing is mounted nowhere, a mount of our own is used that ends with this process, however that ends. */
function withTracing<T>(work: (instances: string) => T): T {
  for (const root of USUAL) if (existsSync(join(root, 'instances'))) return work(join(root, 'instances'));
  if (process.getuid?.() !== 0) throw new Error('tracing is not mounted, and only root may mount it');
  // The mount lies in a mount namespace of a child, which ends when its input does: nothing is left behind a killed agent.
  const holder = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', `mount -t tracefs -o ${OPTIONS} none ${USUAL[0]} && exec cat`],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  holder.on('error', () => {});
  holder.unref();
  try {
    if (holder.pid === undefined) throw new Error('there is no program "unshare" to mount it privately with');
    const instances = `/proc/${holder.pid}/root${USUAL[0]}/instances`;
    for (let waitedMs = 0; !existsSync(instances); waitedMs += WAIT_MS) {
      if (waitedMs >= MOUNT_TIMEOUT_MS) throw new Error('tracing could not be mounted privately');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
    return work(instances);
  } finally {
    holder.kill('SIGKILL');
  }
}

/** An instance outlives the process that made it: those of dead agents cost every start on the machine a little. */
function removeStale(instances: string): void {
  for (const name of readdirSync(instances)) {
    const holder = new RegExp(`^${PREFIX}(\\d+)-(\\d+)-\\d+(?:-\\w+)?$`).exec(name);
    if (holder !== null && lockHolder(`${holder[1]} ${holder[2]}\n`) === undefined)
      removeInstance(join(instances, name));
  }
}

function removeInstance(folder: string): void {
  for (const event of [EXEC, EXIT]) {
    try {
      writeFileSync(join(folder, event, 'enable'), '0');
    } catch {
      // Not there, or never enabled.
    }
  }
  try {
    rmdirSync(folder);
  } catch {
    // Still read by somebody: the next agent removes it.
  }
}

function lostEvents(stats: number): number {
  const text = Buffer.alloc(1024);
  const count = readSync(stats, text, 0, text.length, 0);
  let lost = 0;
  for (const match of text
    .toString('latin1', 0, count)
    .matchAll(/^(?:overrun|commit overrun|dropped events): (\d+)$/gm))
    lost += Number(match[1]);
  return lost;
}
