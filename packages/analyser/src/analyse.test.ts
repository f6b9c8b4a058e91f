import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Analysis } from '@sentinel/protocol';
import { analyseLoaded, loadAnalyser } from './analyse.ts';
import { makeZip } from './archives/zip-for-tests.ts';
import { hostileSources } from './hostile-sources.ts';

before(loadAnalyser);

test('analyses a notebook by its cells, with names that go from one cell to the next', () => {
  const notebook = JSON.stringify({
    cells: [
      { cell_type: 'code', source: '!pip install requests\nimport requests' },
      { cell_type: 'code', source: 'a = requests.get("https://x.example.com")\nopen("f", "w").write(a.text)' },
    ],
  });
  const analysis = analyseLoaded(Buffer.from(notebook), { path: 'a.ipynb' });
  assert.deepEqual(
    [analysis.language, analysis.parse, analysis.flows, analysis.hosts],
    [
      'notebook',
      'clean',
      [
        {
          source: { kind: 'network.http', detail: 'https://x.example.com', place: { line: 1, endLine: 1, cell: 1 } },
          sink: { kind: 'files.write', detail: 'f', place: { line: 2, endLine: 2, cell: 1 } },
          reach: 'local',
          confidence: 'high',
        },
      ],
      ['x.example.com'],
    ],
  );
});

test('analyses the Python members of a zipapp and names them', () => {
  const zip = makeZip({ '__main__.py': 'import app.net', 'app/net.py': 'import requests\n' }, '#!python\n');
  const analysis = analyseLoaded(zip, { path: 'tool.pyz' });
  assert.deepEqual(
    [analysis.language, analysis.capabilities],
    [
      'archive',
      [{ id: 'network.http', evidence: [{ line: 1, endLine: 1, member: 'app/net.py' }], detail: ['import requests'] }],
    ],
  );
});

test('counts what it could not resolve, with reasons', () => {
  const source = 'def f(x, name):\n    x.go()\n    getattr(x, name)()\n    __import__(name)\n    exec(name)\n';
  assert.deepEqual(analyseLoaded(Buffer.from(source), { path: 'a.py' }).unresolved, {
    calls: 5,
    reasons: [
      'callee is a computed value',
      'code made at run time',
      'member taken by a computed name',
      'module imported by a computed name',
      'receiver of a method is not known',
    ],
  });
});

test('says that binary junk is no Python', () => {
  const analysis = analyseLoaded(new Uint8Array(5_000), { path: 'a.py' });
  assert.deepEqual(
    [analysis.language, analysis.parse, analysis.failures],
    ['not-python', 'failed', ['read: the bytes are no text']],
  );
});

test('tells Python 2 by its statements', () => {
  assert.equal(analyseLoaded(Buffer.from('print "x"\n'), { path: 'a.py' }).language, 'python2');
});

for (const [name, bytes] of hostileSources()) {
  test(`gives a valid analysis or a stated failure for: ${name}`, () => {
    const analysis = analyseLoaded(bytes, { path: 'hostile.py' });
    assert.deepEqual(Analysis.parse(analysis), analysis);
    const isBinary = analysis.language === 'not-python';
    const isSeen = analysis.capabilities.some(({ id }) => id === 'network.http');
    assert.ok(isBinary || isSeen || analysis.failures.length > 0 || bytes.length === 0);
  });
}
