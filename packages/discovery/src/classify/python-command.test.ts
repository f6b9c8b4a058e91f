import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pythonCommands } from './python-command.ts';

/** Shape of the first start in a line. */
function shape(line: string): string | undefined {
  const command = pythonCommands(line)[0];
  if (command === undefined) return undefined;
  const what = command.isInline
    ? 'inline'
    : (command.script ?? (command.module === undefined ? 'interactive' : `-m ${command.module}`));
  return `${command.program}: ${what} +${command.argumentCount}`;
}

describe('a command line', () => {
  it('shows the Python that it starts, and only counts arguments', () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['python3 a.py --key geheim', 'python3: a.py +2'],
      ['/usr/bin/env -S python3 -u -W ignore /srv/a.py', '/usr/bin/env'],
      ['python -m http.server 80', 'python: -m http.server +1'],
      ['python3 -c "import os" x', 'python3: inline +1'],
      ['sudo -u bob python3.11 /srv/a.py', 'python3.11: /srv/a.py +0'],
      ['FOO=1 nohup python3 a.py > log 2>&1 &', 'python3: a.py +0'],
      ['cd /srv/x && python3 a.py', 'python3: /srv/x/a.py +0'],
      ['bash -lc "cd /srv && python3 b.py 1"', 'python3: /srv/b.py +1'],
      ['uv run --with x job.py 1 2', 'uv: job.py +2'],
      ['poetry run python job.py', 'python: job.py +0'],
      [
        '"C:\\Program Files\\Python\\python.exe" "C:\\my scripts\\a.py"',
        'C:\\Program Files\\Python\\python.exe: C:\\my scripts\\a.py +0',
      ],
      ['py -3.11 a.py', 'py: a.py +0'],
      ['./run.py 1', './run.py: ./run.py +1'],
      ['python3', 'python3: interactive +0'],
      ['echo python3 a.py', undefined],
      ['grep -r import notes.txt', undefined],
      ['python3-config --libs', undefined],
      ['vim a.py', undefined],
      ['', undefined],
    ];
    for (const [line, expected] of cases) {
      const wanted = expected === '/usr/bin/env' ? 'python3: /srv/a.py +0' : expected;
      assert.equal(shape(line), wanted, line);
    }
  });

  it('survives any length', () => {
    assert.deepEqual(pythonCommands('"'.repeat(100_000)), []);
    assert.equal(pythonCommands(`${'sudo '.repeat(50_000)}python3 a.py`).length, 0);
  });
});
