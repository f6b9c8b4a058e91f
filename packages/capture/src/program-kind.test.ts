import assert from 'node:assert/strict';
import { it } from 'node:test';
import { programKind } from './program-kind.ts';

it('tells the kind of a program from its name', () => {
  const cases = {
    'python3.11': 'python',
    'PowerShell.exe': 'shell',
    'cmd.exe': 'shell',
    bash: 'shell',
    'pip3.12': 'installer',
    uv: 'installer',
    'EXCEL.EXE': 'office',
    'msedge.exe': 'browser',
    curl: 'transfer',
    '7z': 'archive',
    mytool: undefined,
    '': undefined,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(cases).map((name) => [name, programKind(name)])), cases);
});
