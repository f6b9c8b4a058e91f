import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DistributionIndex, normaliseName, packagesFolder } from './distributions.ts';
import { createEnrichment } from './enrichment.ts';
import { moduleKind } from './module-kind.ts';

describe('distributions of a real virtual environment', () => {
  let venv: string;
  let site: string;
  before(() => {
    venv = join(mkdtempSync(join(tmpdir(), 'sentinel-venv-')), 'venv');
    execFileSync('python3', ['-m', 'venv', venv]);
    const lib = join(venv, 'lib');
    site = join(lib, readdirSync(lib)[0] ?? '', 'site-packages');
    metadata(
      'PyYAML-6.0.2.dist-info',
      'Name: PyYAML\nVersion: 6.0.2\n\nName: not this\n',
      'yaml/__init__.py,sha256=x,1\n_yaml/__init__.py,,\nPyYAML-6.0.2.dist-info/RECORD,,\n',
    );
    metadata(
      'six-1.16.0.dist-info',
      'Name: six\nVersion: 1.16.0\n',
      'six.py,sha256=x,1\n__pycache__/six.cpython-311.pyc,,\n',
    );
    metadata(
      'cffi-1.17.dist-info',
      'Name: cffi\nVersion: 1.17\n',
      'cffi/__init__.py,,\n_cffi_backend.cpython-311-x86_64-linux-gnu.so,,\n',
    );
    metadata('google_auth-2.0.dist-info', 'Name: google-auth\nVersion: 2.0\n', 'google/auth/__init__.py,,\n');
    metadata(
      'google_cloud.storage-3.1.dist-info',
      'Name: google-cloud.storage\nVersion: 3.1\n',
      'google/cloud/storage/__init__.py,,\n',
    );
    metadata('broken-1.0.dist-info', 'no headers at all', '');
    mkdirSync(join(site, 'legacy-0.3-py3.11.egg-info'));
    writeFileSync(
      join(site, 'legacy-0.3-py3.11.egg-info', 'PKG-INFO'),
      'Metadata-Version: 1.0\r\nName: Legacy_Tool\r\nVersion: 0.3\r\n',
    );
    writeFileSync(join(site, 'legacy-0.3-py3.11.egg-info', 'top_level.txt'), 'legacy\n');
    writeFileSync(join(site, 'plain-1.1.egg-info'), 'Name: plain\nVersion: 1.1\n');
  });
  after(() => rmSync(join(venv, '..'), { recursive: true, force: true }));

  const metadata = (folder: string, text: string, record: string) => {
    mkdirSync(join(site, folder));
    writeFileSync(join(site, folder, 'METADATA'), text);
    writeFileSync(join(site, folder, 'RECORD'), record);
  };

  it('finds the distribution of packages, single files, extensions, eggs and pip itself', () => {
    const index = new DistributionIndex();
    const find = (name: string, path: string) => {
      const found = index.find(name, join(site, path));
      return found === undefined ? undefined : `${found.name} ${found.version}`;
    };
    assert.equal(find('yaml', 'yaml/__init__.py'), 'pyyaml 6.0.2');
    assert.equal(find('_yaml', '_yaml/__init__.py'), 'pyyaml 6.0.2');
    assert.equal(find('six', 'six.py'), 'six 1.16.0');
    assert.equal(find('_cffi_backend', '_cffi_backend.cpython-311-x86_64-linux-gnu.so'), 'cffi 1.17');
    assert.equal(find('legacy', 'legacy/__init__.py'), 'legacy-tool 0.3');
    assert.equal(find('plain', 'plain.py'), 'plain 1.1');
    assert.match(find('pip', 'pip/__init__.py') ?? '', /^pip \d/);
    assert.equal(find('unknown', 'unknown/__init__.py'), undefined);
  });

  it('tells members of a shared namespace apart by their file, and says nothing where it cannot', () => {
    const index = new DistributionIndex();
    assert.equal(index.find('google', join(site, 'google/cloud/storage/__init__.py'))?.name, 'google-cloud-storage');
    assert.equal(index.find('google', join(site, 'google/auth/__init__.py'))?.name, 'google-auth');
    assert.equal(index.find('google', join(site, 'google')), undefined);
  });

  it('notices what is installed later', () => {
    const index = new DistributionIndex();
    assert.equal(index.find('fresh', join(site, 'fresh.py')), undefined);
    metadata('fresh-9.dist-info', 'Name: fresh\nVersion: 9\n', 'fresh.py,,\n');
    utimesSync(site, new Date(), new Date(Date.now() + 1000));
    assert.equal(index.find('fresh', join(site, 'fresh.py'))?.version, '9');
  });

  it('names kind and distribution of what a real interpreter imports', () => {
    const program =
      'import json,os,sys,math,yaml_free,pip\nprint(json.dumps([sys.base_prefix,[[m,getattr(sys.modules[m],"__file__",None)] for m in ("json","math","sys","pip","yaml_free")]]))';
    writeFileSync(join(venv, 'yaml_free.py'), '');
    const output = execFileSync(join(venv, 'bin', 'python3'), ['-c', program], {
      env: { ...process.env, PYTHONPATH: venv },
      encoding: 'utf8',
    });
    const [basePrefix, modules] = JSON.parse(output) as [string, [string, string | null][]];
    const enrichment = createEnrichment('host');
    const kinds = modules.map(([name, path]) => [name, enrichment.module(name, path ?? undefined, basePrefix).kind]);
    assert.deepEqual(Object.fromEntries(kinds), {
      json: 'stdlib',
      math: modules[1]?.[1] === null ? 'builtin' : 'stdlib',
      sys: 'builtin',
      pip: 'distribution',
      yaml_free: 'local',
    });
  });
});

it('normalises names as PEP 503 says', () => {
  assert.equal(normaliseName('Friendly-._.Bard'), 'friendly-bard');
});

it('finds the folder that a module was installed into', () => {
  assert.equal(packagesFolder('a', '/v/lib/python3.11/site-packages/a/b.py'), '/v/lib/python3.11/site-packages');
  assert.equal(packagesFolder('a', 'C:\\Py\\Lib\\site-packages\\a.pyd'), 'C:\\Py\\Lib\\site-packages');
  assert.equal(packagesFolder('a', '/target/a/__init__.py'), '/target');
  assert.equal(packagesFolder('a', '/target/a.cpython-311.so'), '/target');
  assert.equal(packagesFolder('a', '/elsewhere/b.py'), undefined);
});

it('tells standard, installed and own modules apart by place', () => {
  assert.equal(moduleKind('json', '/usr/lib/python3.11/json/__init__.py', '/usr', false), 'stdlib');
  assert.equal(moduleKind('json', '/usr/lib/python311.zip/json/__init__.py', '/usr', false), 'stdlib');
  assert.equal(moduleKind('json', 'C:\\Py\\Lib\\json\\__init__.py', 'C:\\Py', false), 'stdlib');
  assert.equal(moduleKind('yaml', '/usr/lib/python3/dist-packages/yaml/__init__.py', '/usr', false), 'distribution');
  assert.equal(moduleKind('mine', '/usr/lib/mine/mine.py', '/usr', false), 'local');
  assert.equal(moduleKind('mine', '/home/a/mine.py', '/usr', false), 'local');
  assert.equal(moduleKind('sys', undefined, '/usr', false), 'builtin');
});
