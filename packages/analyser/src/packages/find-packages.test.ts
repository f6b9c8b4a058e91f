import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { PackageUse } from '@sentinel/protocol';
import { loadParser } from '../parse.ts';
import { findPackages } from './find-packages.ts';

const names = (source: string, path = 'script.py', rest = {}) =>
  findPackages({ source, path, ...rest }).map(({ ground, distribution, version, specifier }) =>
    [ground, distribution, version ?? specifier].filter((part) => part !== undefined).join(' '),
  );

describe('findPackages', () => {
  before(loadParser);

  it('resolves imports past the standard library, local modules and modules with other names', () => {
    const source = `import os, sys, cv2, helper_functions
import win32com.client
from google.cloud import storage
from google.protobuf import message
from . import near
import pandas as pd
def later():
    import yaml
try:
    import urllib2
except ImportError:
    import urllib.request
`;
    assert.deepEqual(names(source, 'a.py', { localModules: new Set(['helper_functions']) }), [
      'import opencv-python',
      'import pywin32',
      'import google-cloud-storage',
      'import protobuf',
      'import pandas',
      'import pyyaml',
    ]);
  });

  it('knows which release of Python has a module', () => {
    assert.deepEqual(names('import telnetlib, tomllib', 'a.py', { pythonMinor: 13 }), ['import telnetlib']);
    assert.deepEqual(names('import telnetlib, tomllib', 'a.py', { pythonMinor: 10 }), ['import tomllib']);
    assert.deepEqual(names('import telnetlib, tomllib'), []);
  });

  it('gives the place and the shape of the protocol', () => {
    assert.deepEqual(findPackages({ source: 'import os\nimport yaml\n', path: 'a.py' }), [
      { importName: 'yaml', distribution: 'pyyaml', ground: 'import', place: { line: 2, endLine: 2 } },
    ]);
    for (const use of findPackages({ source: 'requests==2.31.0\n', path: 'requirements.txt' })) {
      assert.deepEqual(PackageUse.parse(use), use);
    }
  });

  it('reads the header of a script', () => {
    const source =
      '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "Requests<3",\n#   "rich",\n# ]\n# ///\nprint(1)\n';
    assert.deepEqual(findPackages({ source, path: 'a.py' }), [
      { distribution: 'requests', specifier: '<3', ground: 'script-header', place: { line: 4, endLine: 4 } },
      { distribution: 'rich', ground: 'script-header', place: { line: 5, endLine: 5 } },
    ]);
    assert.deepEqual(names('# /// script\n# dependencies = [\n'), []);
  });

  it('sees pip in code, in the shell and in notebooks', () => {
    const source = `import subprocess, sys, os
subprocess.check_call([sys.executable, "-m", "pip", "install", "-U", "reqeusts==1.0", "--index-url", "https://x/y", "rich"])
os.system("pip3 install 'pandas>=2' -r other.txt && echo done")
os.system(f"{sys.executable} -m pip install openpyxl")
subprocess.run("pip install xlrd".split())
print("please pip install nothing")
"""pip install nothing"""
`;
    assert.deepEqual(names(source), [
      'pip-call reqeusts 1.0',
      'pip-call rich',
      'pip-call pandas >=2',
      'pip-call openpyxl',
      'pip-call xlrd',
    ]);
    assert.deepEqual(names('!pip install -q seaborn==0.13.2\n%pip install polars\n!ls\n'), [
      'notebook seaborn 0.13.2',
      'notebook polars',
    ]);
    assert.deepEqual(
      names(
        '#!/bin/sh\n# pip install nothing\nRUN pip install \\\n  flask==3.0.0 ./local gunicorn\nuv add httpx\n',
        'Dockerfile',
      ),
      ['shell flask 3.0.0', 'shell gunicorn', 'shell httpx'],
    );
  });

  it('reads requirements as pip does', () => {
    const text = `# comment
requests[socks] == 2.31.0 ; python_version > "3.8"  # why
-r base.txt
--index-url https://example.com/simple
Django>=4.2,<5 \\
    --hash=sha256:abc
git+https://example.com/x.git#egg=My_Tool
./local/package
https://example.com/a-1.0.whl
zope.interface
flask==2.*
`;
    assert.deepEqual(names(text, '/project/requirements-dev.txt'), [
      'requirements requests 2.31.0',
      'requirements django >=4.2,<5',
      'requirements my-tool',
      'requirements zope-interface',
      'requirements flask ==2.*',
    ]);
  });

  it('reads lock files', () => {
    const toml =
      '[[package]]\nname = "Requests"\nversion = "2.31.0"\n\n[[package]]\nname = "own"\nversion = "0"\nsource = { virtual = "." }\n';
    for (const name of ['poetry.lock', 'uv.lock', 'pdm.lock']) {
      assert.ok(names(toml, `/a/${name}`).includes('lock-file requests 2.31.0'), name);
    }
    assert.deepEqual(names(toml, 'uv.lock'), ['lock-file requests 2.31.0']);
    assert.deepEqual(names('[[packages]]\nname = "rich"\nversion = "13.7.0"\n', 'pylock.toml'), [
      'lock-file rich 13.7.0',
    ]);
    assert.deepEqual(names('{"_meta": {}, "default": {"six": {"version": "==1.16.0"}}}', 'Pipfile.lock'), [
      'lock-file six 1.16.0',
    ]);
  });

  it('survives what no tool writes', () => {
    for (const path of ['a.py', 'requirements.txt', 'poetry.lock', 'Pipfile.lock', 'pylock.toml', 'a.sh']) {
      for (const source of [
        '',
        '\0',
        '[[',
        '{',
        'import ',
        'a['.repeat(50_000),
        'pip install '.repeat(5_000),
        `!pip install ${'"'.repeat(9_999)}`,
      ]) {
        assert.ok(Array.isArray(findPackages({ source, path })));
      }
    }
  });
});
