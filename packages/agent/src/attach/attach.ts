import { readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processStartTicks } from '@sentinel/capture';
import { runAs } from '../instrumentation/as-owner.ts';
import type { ProbePlaces } from '../instrumentation/spool-access.ts';
import { isPythonImage } from '../sensing/python-image.ts';

/** The script runs when its main thread is next between two instructions: one that waits in the system comes later. */
const WITHIN_MS = 10_000;
const LOOK_MS = 50;

/** What came of attaching. */
export type AttachOutcome =
  /** The probe runs in it now. */
  | { readonly kind: 'attached' }
  /** It had one already. */
  | { readonly kind: 'there-already' }
  /** It was asked, and has not come to it yet: it waits for something. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Starts the probe in a run that goes on (PEP 768). Only a process of the same account, only CPython from 3.14 on, and by
 * the very program that this process runs: no other interpreter is started, and that one without site and without the
 * user's settings.
 */
export async function attach(pid: number, { home, spool }: ProbePlaces): Promise<AttachOutcome> {
  const program = programOf(pid);
  if (typeof program !== 'string') return program;
  const ticks = processStartTicks(pid);
  const answer = join(spool, `attach-${pid}-${ticks}.answer`);
  const script = join(spool, `attach-${pid}-${ticks}.py`);
  writeFileSync(script, scriptText(home, spool, answer), { mode: 0o600 });
  // While it is only asked, the script stays: the process may yet read it.
  let isPending = false;
  try {
    const { code, problem } = await runAs(undefined, program, ['-I', '-S', '-B', '-c', CALL, String(pid), script]);
    if (processStartTicks(pid) !== ticks) return { kind: 'refused', reason: `process ${pid} ended meanwhile` };
    if (code !== 0) return { kind: 'refused', reason: problem.split('\n').at(-1) || `it ended with ${code}` };
    for (const end = performance.now() + WITHIN_MS; performance.now() < end; await delay(LOOK_MS)) {
      const said = readText(answer);
      if (said === 'attached' || said === 'there-already') return { kind: said };
      if (said?.startsWith('failed: ') === true) return { kind: 'refused', reason: said };
    }
    isPending = true;
    return { kind: 'asked' };
  } finally {
    if (!isPending) for (const path of [script, answer]) rmSync(path, { force: true });
  }
}

/** Run by the program of the process itself; its version is that of the process, as PEP 768 wants it. */
const CALL = `import sys
if sys.implementation.name != "cpython" or not hasattr(sys, "remote_exec"):
    sys.exit("Python " + sys.version.split()[0] + " cannot be attached to: CPython 3.14 or later is needed")
try:
    sys.remote_exec(int(sys.argv[1]), sys.argv[2])
except BaseException as error:
    sys.exit("the process does not let itself be attached to: %s: %s" % (type(error).__name__, error))`;

/** Starts the probe as the installed entry does, and says in the answer what came of it. */
function scriptText(home: string, spool: string, answer: string): string {
  return `import os, sys
_home, _spool, _answer = ${[home, spool, answer].map((text) => JSON.stringify(text)).join(', ')}
# Opened before the probe sees what is opened.
_file = os.open(_answer, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
if hasattr(sys, "_sentinel_probe"):
    _said = "there-already"
else:
    try:
        sys._sentinel_probe = None
        _boot = type(sys)("sentinel_probe.boot")
        _boot.__package__ = "sentinel_probe"
        _loader = sys.modules["_frozen_importlib_external"].SourceFileLoader("sentinel_probe.boot", _home + "/boot.py")
        exec(_loader.get_code("sentinel_probe.boot"), _boot.__dict__)
        _boot.start(_home, _spool)
        _boot.STATE.hello = _boot.STATE.hello.replace("start_kind\\tstart", "start_kind\\tattach", 1)
        _said = "attached"
    except Exception as _error:
        _said = "failed: " + type(_error).__name__
os.write(_file, _said.encode())
os.close(_file)
`;
}

/** Program of a process that may be attached to. */
function programOf(pid: number): string | AttachOutcome {
  const refuse = (reason: string): AttachOutcome => ({ kind: 'refused', reason });
  if (process.platform !== 'linux') return refuse('a running process can be attached to on Linux only, so far');
  let program: string;
  let owner: number;
  try {
    owner = statSync(`/proc/${pid}`).uid;
    if (owner !== process.geteuid?.()) return refuse(`process ${pid} belongs to another account`);
    program = readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return refuse(`there is no process ${pid} that this account may look at`);
  }
  if (!isPythonImage(program)) return refuse(`process ${pid} is no Python, or its program was replaced: ${program}`);
  return program;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
