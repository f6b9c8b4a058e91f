import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinCells } from './join-cells.ts';
import { readNotebook } from './read-notebook.ts';

const code = (source: string | string[]): object => ({ cell_type: 'code', source });

test('blanks magics and shell lines, and keeps the latter', () => {
  const text = JSON.stringify({
    cells: [
      { cell_type: 'markdown', source: '# title' },
      code([
        '%matplotlib inline\n',
        '!pip install polars\n',
        'import polars\n',
        'if x:\n',
        '    %pip install y\n',
        '%time f()',
      ]),
      code('%%bash\ncurl x'),
    ],
  });
  assert.deepEqual(readNotebook(text), {
    language: 'python',
    cells: [
      {
        cell: 1,
        text: '\n\nimport polars\nif x:\n    pass\nf()',
        raw: '%matplotlib inline\n!pip install polars\nimport polars\nif x:\n    %pip install y\n%time f()',
        shellLines: [
          { line: 2, command: 'pip install polars' },
          { line: 5, command: 'pip install y' },
        ],
      },
      { cell: 2, text: '\n', raw: '%%bash\ncurl x', shellLines: [{ line: 2, command: 'curl x' }] },
    ],
  });
});

test('reads format 3 and the language of the kernel', () => {
  const text = JSON.stringify({
    metadata: { kernelspec: { language: 'R' } },
    worksheets: [{ cells: [{ cell_type: 'code', input: ['a = 1'] }] }],
  });
  assert.deepEqual(readNotebook(text), {
    language: 'r',
    cells: [{ cell: 0, text: 'a = 1', raw: 'a = 1', shellLines: [] }],
  });
});

test('is no notebook without cells', () => {
  assert.deepEqual(
    [readNotebook('{}'), readNotebook('[1]'), readNotebook('{'), readNotebook('null')],
    [undefined, undefined, undefined, undefined],
  );
});

test('finds the cell of a line of the joined text', () => {
  const notebook = readNotebook(JSON.stringify({ cells: [code('a\nb'), code('c')] }));
  assert.ok(notebook);
  const joined = joinCells(notebook);
  assert.equal(joined.text, 'a\nb\nc');
  assert.deepEqual(
    [1, 2, 3].map((line) => joined.placeOf(line)),
    [
      { line: 1, endLine: 1, cell: 0 },
      { line: 2, endLine: 2, cell: 0 },
      { line: 1, endLine: 1, cell: 1 },
    ],
  );
});
