import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Script } from '@sentinel/protocol';
import { identifyScript, MAX_SOURCE_BYTES, readSource, type ScriptFacts } from './script-identity.ts';

const LATER = Date.now() + 60_000;

describe('script identity', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-script-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const facts = (given: Partial<ScriptFacts>): ScriptFacts => ({
    kind: 'file',
    path: undefined,
    module: undefined,
    sha256: undefined,
    startedAtMs: LATER,
    ...given,
  });

  it('is the same for the same content anywhere, and another for another content', () => {
    for (const name of ['a.py', 'b.py']) writeFileSync(join(folder, name), 'print(1)\n');
    writeFileSync(join(folder, 'c.py'), 'print(2)\n');
    const [a, b, c] = ['a.py', 'b.py', 'c.py'].map((name) =>
      identifyScript(facts({ path: join(folder, name) }), 'host'),
    );
    const sha256 = createHash('sha256').update('print(1)\n').digest('hex');
    assert.deepEqual(a, {
      id: createHash('sha256').update(`v1\0${sha256}`).digest('hex').slice(0, 32),
      kind: 'file',
      name: 'a.py',
      path: join(folder, 'a.py'),
      sha256,
      sizeBytes: 9,
    });
    assert.equal(a?.id, b?.id);
    assert.notEqual(a?.id, c?.id);
    assert.equal(identifyScript(facts({ path: join(folder, 'b.py') }), 'another host').id, a?.id);
  });

  it('is that of the place where there is no content', () => {
    const gone = (host: string) => identifyScript(facts({ path: '/nowhere/x.py' }), host);
    assert.equal(gone('one').id, gone('one').id);
    assert.notEqual(gone('one').id, gone('two').id);
    assert.deepEqual(Object.keys(gone('one')), ['id', 'kind', 'name', 'path']);
  });

  it('has a name for every kind of source', () => {
    const name = (given: Partial<ScriptFacts>) => Script.parse(identifyScript(facts(given), 'host')).name;
    assert.equal(name({ kind: 'command' }), '(command)');
    assert.equal(name({ kind: 'stdin' }), '(stdin)');
    assert.equal(name({ kind: 'interactive' }), '(interactive)');
    assert.equal(name({ kind: 'module', module: 'http.server', path: '/lib/http/server.py' }), 'http.server');
    assert.equal(name({ kind: 'archive', path: '/apps/tool.pyz' }), 'tool.pyz');
    assert.equal(name({ kind: 'file', path: 'C:\\scripts\\month end.py' }), 'month end.py');
    assert.equal(name({ kind: 'unheard of' }), '(embedded)');
  });

  it('takes the hash that the probe took', () => {
    const sha256 = 'a'.repeat(64);
    assert.equal(identifyScript(facts({ kind: 'command', sha256 }), 'host').sha256, sha256);
    assert.equal(identifyScript(facts({ kind: 'command', sha256: 'no hash' }), 'host').sha256, undefined);
  });

  it('reads no folder, no device, nothing too large and nothing that changed since the run began', () => {
    assert.equal(readSource(folder, LATER), undefined);
    assert.equal(readSource('/dev/zero', LATER), undefined);
    writeFileSync(join(folder, 'large.py'), Buffer.alloc(MAX_SOURCE_BYTES + 1));
    assert.equal(readSource(join(folder, 'large.py'), LATER), undefined);
    writeFileSync(join(folder, 'edited.py'), 'x');
    utimesSync(join(folder, 'edited.py'), new Date(), new Date(LATER + 1));
    assert.equal(readSource(join(folder, 'edited.py'), LATER), undefined);
  });
});
