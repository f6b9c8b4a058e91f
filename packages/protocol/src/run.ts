import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { Environment } from './environment.ts';
import { field } from './field.ts';
import { Interpreter } from './interpreter.ts';
import { Script } from './script.ts';

/**
 * How a run ended.
 *
 * - `finished`: the interpreter ran its exit handlers; the exit code is known only where the probe could see it.
 * - `exception`: an exception reached the top.
 * - `os._exit`: the script left without exit handlers.
 * - `exec`: the process became another program.
 * - `signal`: ended by a signal, seen by whoever started it.
 * - `vanished`: the process is gone and said nothing: killed, crashed or powered off.
 */
export const ExitRoute = z.enum(['finished', 'exception', 'os._exit', 'exec', 'signal', 'vanished']);
export type ExitRoute = z.infer<typeof ExitRoute>;

/** Account that a run belongs to. */
export const User = z.object({
  name: field(z.string(), {
    description: 'Account name; the numeric id where no name is known.',
    sensitivity: 'internal',
    source: 'OTel process.user.name',
  }),
  id: field(z.int().optional(), {
    description: 'Numeric user id, where the system has one.',
    sensitivity: 'internal',
    source: 'OTel process.user.id',
  }),
});
export type User = z.infer<typeof User>;

/** What the probe says of itself in a run. */
export const ProbeHealth = z.object({
  version: field(z.string(), { description: 'Version of the probe.', sensitivity: 'public' }),
  dropped: field(z.int().nonnegative(), { description: 'Activities it could not keep.', sensitivity: 'public' }),
  errors: field(z.int().nonnegative(), { description: 'Faults it survived.', sensitivity: 'public' }),
});
export type ProbeHealth = z.infer<typeof ProbeHealth>;

/** One execution of a script, start to exit. */
export const Run = z.object({
  id: field(z.uuid(), { description: 'Id made by the probe (UUIDv7).', sensitivity: 'public' }),
  revision: field(z.int().nonnegative(), {
    description: 'Grows with every change of this run; the highest wins.',
    sensitivity: 'public',
  }),
  parentRunId: field(z.uuid().optional(), {
    description: 'Run that forked or launched this one, where known.',
    sensitivity: 'public',
  }),
  startKind: field(z.enum(['start', 'fork', 'attach']), {
    description: 'A new interpreter, or a fork of a running one.',
    sensitivity: 'public',
  }),
  status: field(z.enum(['running', 'ended']), { description: 'Whether it goes on.', sensitivity: 'public' }),
  script: field(Script, { description: 'What ran.', sensitivity: 'internal' }),
  interpreter: field(Interpreter, { description: 'What ran it.', sensitivity: 'internal' }),
  environment: field(Environment, { description: 'Where its packages come from.', sensitivity: 'internal' }),
  user: field(User, { description: 'On whose account.', sensitivity: 'internal' }),
  hostName: field(z.string(), { description: 'Computer it ran on.', sensitivity: 'internal' }),
  pid: field(z.int().nonnegative(), { description: 'Process id.', sensitivity: 'public' }),
  parentPid: field(z.int().nonnegative(), { description: 'Process id of the parent.', sensitivity: 'public' }),
  workingDirectory: field(z.string().optional(), {
    description: 'Working directory at the start.',
    sensitivity: 'internal',
  }),
  argumentCount: field(z.int().nonnegative(), {
    description: 'Number of arguments after the script.',
    sensitivity: 'public',
  }),
  argumentShape: field(z.string(), {
    description: 'Kinds of those arguments, never their values.',
    sensitivity: 'public',
  }),
  startedAt: field(Timestamp, { description: 'Start.', sensitivity: 'public' }),
  endedAt: field(Timestamp.optional(), {
    description: 'End, once it ended; for a vanished run its last sign of life.',
    sensitivity: 'public',
  }),
  durationMs: field(z.number().nonnegative().optional(), {
    description: 'End minus start.',
    sensitivity: 'public',
    unit: 'ms',
  }),
  exitRoute: field(ExitRoute.optional(), { description: 'How it ended.', sensitivity: 'public' }),
  exitCode: field(z.int().optional(), { description: 'Exit code, where known.', sensitivity: 'public' }),
  exitSignal: field(z.string().optional(), {
    description: 'Signal that ended it, where known.',
    sensitivity: 'public',
  }),
  cpuUserMs: field(z.number().nonnegative().optional(), {
    description: 'Processor time in user mode.',
    sensitivity: 'public',
    unit: 'ms',
  }),
  cpuSystemMs: field(z.number().nonnegative().optional(), {
    description: 'Processor time in system mode.',
    sensitivity: 'public',
    unit: 'ms',
  }),
  peakMemoryBytes: field(z.int().nonnegative().optional(), {
    description: 'Largest resident memory.',
    sensitivity: 'public',
    unit: 'By',
  }),
  probe: field(ProbeHealth, { description: 'The probe on itself.', sensitivity: 'public' }),
});
export type Run = z.infer<typeof Run>;
