import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A way to start Python, and what has to be seen of it. */
export interface RunKind {
  readonly name: string;
  /** Programs that one run starts: the interpreter, and the interpreters that it starts itself. */
  readonly starts: number;
  /** Why none of them can have a probe; absent where all can. */
  readonly miss?: 'no-site' | 'ended-before-site';
  readonly begin: (python: string) => ChildProcess;
}

/** Writes the programs into a folder, once for each interpreter where they name it, and gives the kinds. */
export function mixedRuns(folder: string, pythons: readonly string[]): RunKind[] {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const script = write('report.py', 'import json, sys\njson.dumps(sys.argv)\n');
  const brief = write('brief.py', 'import time\ntime.sleep(0.02)\n');
  write('tool.py', 'import csv\n');
  const pool = (method: string) =>
    write(
      `pool_${method}.py`,
      `import multiprocessing\ndef work(n):\n    return n + 1\nif __name__ == "__main__":\n    context = multiprocessing.get_context(${JSON.stringify(method)})\n    child = context.Process(target=work, args=(1,))\n    child.start()\n    child.join()\n    assert child.exitcode == 0\n`,
    );
  const [spawning, forking] = [pool('spawn'), pool('fork')];
  const launching = write(
    'launch.py',
    'import subprocess, sys\nsubprocess.run([sys.executable, "-c", "import math"], check=True)\n',
  );
  mkdirSync(join(folder, 'app'), { recursive: true });
  write('app/__main__.py', 'import json\n');
  const archive = join(folder, 'app.pyz');
  const zipped = spawnSync('python3', ['-I', '-m', 'zipapp', join(folder, 'app'), '-o', archive], { encoding: 'utf8' });
  if (zipped.status !== 0) throw new Error(zipped.stderr);
  for (const [index, python] of pythons.entries())
    chmodSync(write(`shebang-${index}`, `#!${python}\nimport json\n`), 0o755);

  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], PYTHONDONTWRITEBYTECODE: '1' };
  const run = (program: string, args: readonly string[], input?: string) => {
    const child = spawn(program, args, { env, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    return child;
  };
  const plain = (name: string, starts: number, ...args: string[]): RunKind => ({
    name,
    starts,
    begin: (python) => run(python, args),
  });
  return [
    plain('script', 1, script, '--password', 'hunter2'),
    plain('-I', 1, '-I', script),
    plain('-E -s', 1, '-E', '-s', script),
    { ...plain('-S', 1, '-S', script), miss: 'no-site' },
    { ...plain('-I -S -c', 1, '-ISc', 'pass'), miss: 'no-site' },
    { ...plain('-V', 1, '-V'), miss: 'ended-before-site' },
    plain('-c', 1, '-c', 'pass'),
    plain('-m', 1, '-m', 'tool'),
    { name: 'stdin', starts: 1, begin: (python) => run(python, [], 'import json\n') },
    { name: '-', starts: 1, begin: (python) => run(python, ['-', 'x'], 'pass\n') },
    { name: 'shebang', starts: 1, begin: (python) => run(join(folder, `shebang-${pythons.indexOf(python)}`), ['x']) },
    plain('zipapp', 1, archive),
    // The process itself, its resource tracker, its child.
    plain('multiprocessing spawn', 3, spawning),
    plain('multiprocessing fork', 1, forking),
    plain('subprocess', 2, launching),
    plain('20 ms', 1, brief),
    plain('20 ms again', 1, brief),
    plain('exits', 1, '-c', 'import sys; sys.exit(3)'),
    plain('exception', 1, '-c', 'raise ValueError'),
    plain('os._exit', 1, '-c', 'import os; os._exit(0)'),
  ];
}

/** Starts runs in turn over kinds and interpreters, some at a time, and waits for all. @returns how many of each were started. */
export async function startMixedRuns(
  kinds: readonly RunKind[],
  pythons: readonly string[],
  count: number,
  atATime: number,
): Promise<Map<string, Map<RunKind, number>>> {
  const started = new Map(pythons.map((python) => [python, new Map<RunKind, number>()]));
  let next = 0;
  const work = async () => {
    while (next < count) {
      const turn = next++;
      const kind = kinds[Math.floor(turn / pythons.length) % kinds.length];
      const python = pythons[turn % pythons.length];
      if (kind === undefined || python === undefined) return;
      await once(kind.begin(python), 'close');
      const ofPython = started.get(python);
      ofPython?.set(kind, (ofPython.get(kind) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return started;
}
