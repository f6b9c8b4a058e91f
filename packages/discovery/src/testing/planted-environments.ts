import { ELF, type PlantedTree } from './planted-tree.ts';

/** What a planted environment must be found as. */
export interface PlantedEnvironment {
  readonly prefix: string;
  readonly kind: string;
}

const EXE = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
const MACH_O = Buffer.concat([Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), Buffer.alloc(64)]);

/** What was planted: interpreters by their file, environments by their folder, and what must not be found. */
export interface Planted {
  readonly interpreters: PlantedEnvironment[];
  readonly environments: PlantedEnvironment[];
  readonly references: PlantedEnvironment[];
}

/** Plants interpreters and environments of every kind that Linux has, with shims and copies that must not count. */
export function plantLinuxKinds(tree: PlantedTree): Planted {
  const planted: Planted = { interpreters: [], environments: [], references: [] };
  const base = (prefix: string, version: string, kind: string) => {
    tree.interpreter(prefix, version);
    const short = version.split('.').slice(0, 2).join('.');
    planted.interpreters.push({ prefix: `${prefix}/bin/python${short}`, kind });
  };
  const environment = (prefix: string, kind: string, config = '', target = pyenv) => {
    tree.environment(prefix, `home = ${tree.path('home/ana/.pyenv/versions/3.12.1/bin')}\n${config}`, target);
    planted.environments.push({ prefix, kind });
  };
  const conda = (prefix: string, kind: 'conda' | 'pixi', version: string) => {
    tree.file(`${prefix}/conda-meta/${kind === 'pixi' ? 'pixi' : 'history'}`, '');
    tree.file(`${prefix}/conda-meta/python-${version}-h1_0.json`, '{}');
    tree.file(`${prefix}/bin/python3`, ELF);
    tree.file(`${prefix}/lib/python${version.split('.').slice(0, 2).join('.')}/os.py`, '');
    planted.environments.push({ prefix, kind });
    planted.interpreters.push({ prefix: `${prefix}/bin/python3`, kind });
  };
  const pyenv = tree.path('home/ana/.pyenv/versions/3.12.1/bin/python3.12');

  tree.file('etc/passwd', 'ana:x:1001:1001::/home/ana:/bin/bash\nbo:x:1002:1002::/home/bo:/bin/bash\n');
  base('usr', '3.11.2', 'system');
  tree.link('bin', 'usr/bin');
  base('usr/local', '3.10.9', 'local');
  base('opt/tool/python', '3.9.1', 'embedded');
  base('home/ana/.pyenv/versions/3.12.1', '3.12.1', 'pyenv');
  base('home/ana/.pyenv/versions/3.8.18', '3.8.18', 'pyenv');
  base('home/bo/.asdf/installs/python/3.11.4', '3.11.4', 'asdf');
  base('home/bo/.local/share/mise/installs/python/3.13.0', '3.13.0', 'mise');
  base('home/ana/.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu', '3.13.1', 'uv');
  base('home/linuxbrew/.linuxbrew/Cellar/python@3.12/3.12.4', '3.12.4', 'homebrew');
  tree.link('home/linuxbrew/.linuxbrew/bin/python3.12', '../Cellar/python@3.12/3.12.4/bin/python3.12');
  base('nix/store/abc123-python3-3.12.6', '3.12.6', 'nix');
  base('snap/blender/5000/4.2/python', '3.11.7', 'snap');
  base('opt/blender-4.2/4.2/python', '3.11.7', 'embedded');
  base('opt/libreoffice24.8/program/python-core-3.9.19', '3.9.19', 'embedded');
  tree.file('home/bo/pypy3.10-v7.3.17/bin/pypy3.10', ELF);
  tree.file('home/bo/pypy3.10-v7.3.17/lib/pypy3.10/os.py', '');
  tree.link('home/bo/pypy3.10-v7.3.17/bin/python3', 'pypy3.10');
  planted.interpreters.push({ prefix: 'home/bo/pypy3.10-v7.3.17/bin/pypy3.10', kind: 'embedded' });
  // An application that brings only the library.
  tree.file('opt/freecad/usr/lib/libpython3.11.so.1.0', ELF);
  planted.interpreters.push({ prefix: 'opt/freecad/usr/lib/libpython3.11.so.1.0', kind: 'embedded' });
  // Libraries that belong to an interpreter, shims and links are none of their own.
  tree.file('usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0', ELF);
  tree.file('home/ana/.pyenv/versions/3.12.1/lib/libpython3.12.so.1.0', ELF);
  for (const name of ['python', 'python3', 'python3.12', 'pip'])
    tree.file(`home/ana/.pyenv/shims/${name}`, '#!/usr/bin/env bash\nexec pyenv exec "$0" "$@"\n');
  tree.file('home/bo/.asdf/shims/python3', '#!/usr/bin/env bash\nexec asdf exec python3 "$@"\n');
  tree.link('home/ana/bin/python3', pyenv);

  for (const name of ['report', 'ledger', 'tidy', 'charts'])
    environment(`home/ana/projects/${name}/.venv`, 'venv', 'version = 3.12.1\n');
  for (const name of ['a', 'b', 'c'])
    environment(`home/bo/work/${name}/venv`, 'virtualenv', 'virtualenv = 20.26\nversion_info = 3.12.1.final.0\n');
  for (const name of ['x', 'y', 'z']) environment(`home/ana/uv/${name}/.venv`, 'uv', 'uv = 0.5.1\n');
  for (const name of ['ruff', 'httpie'])
    environment(`home/ana/.local/share/uv/tools/${name}`, 'uv-tool', 'uv = 0.5.1\n');
  environment('home/ana/.cache/uv/environments-v2/report-1a2b', 'uv-script', 'uv = 0.5.1\n');
  for (const name of ['app-AbC-py3.12', 'web-x1-py3.11'])
    environment(`home/ana/.cache/pypoetry/virtualenvs/${name}`, 'poetry', 'virtualenv = 20.26\n');
  for (const name of ['old-x1', 'new-y2']) {
    environment(`home/ana/.local/share/virtualenvs/${name}`, 'pipenv', 'virtualenv = 20.26\n');
    tree.file(`home/ana/.local/share/virtualenvs/${name}/.project`, '/home/ana/projects/old\n');
  }
  environment('home/ana/.local/share/hatch/env/virtual/app/Ab1/app', 'hatch', 'virtualenv = 20.26\n');
  for (const name of ['black', 'poetry']) environment(`home/ana/.local/share/pipx/venvs/${name}`, 'pipx');
  environment('home/ana/projects/report/.tox/py312', 'tox', 'virtualenv = 20.26\n');
  environment('home/ana/projects/report/.nox/tests', 'nox', 'virtualenv = 20.26\n');
  environment('home/ana/.cache/pre-commit/repoab12/py_env-python3', 'pre-commit', 'virtualenv = 20.26\n');
  for (const name of ['sales', 'tax'])
    environment(`home/bo/.virtualenvs/${name}`, 'virtualenvwrapper', 'virtualenv = 20.26\n');
  environment('home/bo/work/d/.direnv/python-3.12', 'direnv');
  environment('home/ana/.pyenv/versions/named', 'pyenv-virtualenv');
  environment('home/bo/.local/share/pdm/venvs/app-x-3.12', 'pdm', 'virtualenv = 20.26\n');
  environment('home/bo/.rye/self', 'rye', 'virtualenv = 20.26\n');
  environment('home/ana/broken', 'venv', 'version = 3.8.1\n', '/opt/gone/bin/python3.8');
  environment('home/bo/Desktop/analysis/env', 'venv');
  environment('srv/app/venv', 'venv');
  // An old virtualenv: activation scripts and no pyvenv.cfg.
  tree.file('home/bo/legacy/bin/activate', '');
  tree.link('home/bo/legacy/bin/python', pyenv);
  tree.file('home/bo/legacy/lib/python3.6/site-packages/x.dist-info/METADATA', '');
  planted.environments.push({ prefix: 'home/bo/legacy', kind: 'virtualenv' });

  conda('home/ana/miniconda3', 'conda', '3.10.13');
  for (const name of ['stats', 'geo']) conda(`home/ana/miniconda3/envs/${name}`, 'conda', '3.11.5');
  conda('home/bo/.conda/envs/mine', 'conda', '3.12.2');
  conda('home/bo/projects/cleaner/envs-here', 'conda', '3.9.18');
  conda('opt/conda', 'conda', '3.12.0');
  conda('home/bo/micromamba/envs/ml', 'conda', '3.11.0');
  for (const name of ['default', 'test']) conda(`home/bo/projects/pix/.pixi/envs/${name}`, 'pixi', '3.13.0');

  tree.file(
    'home/ana/projects/report/.vscode/settings.json',
    '{\n  // editor\n  "python.defaultInterpreterPath": "/opt/gone/python",\n}\n',
  );
  planted.references.push({ prefix: 'home/ana/projects/report/.vscode/settings.json', kind: 'vscode' });
  tree.file('home/ana/projects/tidy/.vscode/settings.json', '{ "editor.tabSize": 2 }\n');
  tree.file(
    'home/bo/work/a/.idea/misc.xml',
    '<project><component name="ProjectRootManager" version="2" project-jdk-name="Python 3.12 (a)" project-jdk-type="Python SDK" /></project>',
  );
  planted.references.push({ prefix: 'home/bo/work/a/.idea/misc.xml', kind: 'idea' });
  return planted;
}

/** Plants what Windows has; the registry is planted as an export. */
export function plantWindowsKinds(tree: PlantedTree): Planted {
  const planted: Planted = { interpreters: [], environments: [], references: [] };
  const python = (folder: string, kind: string) => {
    tree.file(`${folder}/python.exe`, EXE);
    for (const name of ['os.py', 'site.py', 'abc.py']) tree.file(`${folder}/Lib/${name}`, '');
    tree.file(`${folder}/python312.dll`, EXE);
    planted.interpreters.push({ prefix: `${folder}/python.exe`, kind });
  };
  const environment = (prefix: string, kind: string, config = '') => {
    tree.file(`${prefix}/pyvenv.cfg`, `home = C:\\Python312\nversion = 3.12.4\n${config}`);
    tree.file(`${prefix}/Scripts/python.exe`, EXE);
    tree.file(`${prefix}/Scripts/activate`, '');
    planted.environments.push({ prefix, kind });
  };
  python('Users/ana/AppData/Local/Programs/Python/Python312', 'python-org');
  python('Program Files/Python311', 'python-org');
  python('Users/ana/AppData/Local/Python/pythoncore-3.14-64', 'install-manager');
  python('Users/ana/.pyenv/pyenv-win/versions/3.11.5', 'pyenv');
  python('Users/ana/Desktop/WPy64-31241/python-3.12.4.amd64', 'winpython');
  python('Program Files/ArcGIS/Pro/bin/Python', 'embedded');
  // The embeddable package: a zip in place of the standard library.
  tree.file('tools/embed/python.exe', EXE);
  tree.file('tools/embed/python312._pth', 'python312.zip\n');
  tree.file('tools/embed/python312.zip', 'PK');
  planted.interpreters.push({ prefix: 'tools/embed/python.exe', kind: 'embedded' });
  // An application with only the library.
  tree.file('Program Files/Scanner/python311.dll', EXE);
  planted.interpreters.push({ prefix: 'Program Files/Scanner/python311.dll', kind: 'embedded' });
  environment('Users/ana/projects/report/.venv', 'venv');
  environment('Users/ana/AppData/Local/pypoetry/Cache/virtualenvs/app-x-py3.12', 'poetry', 'virtualenv = 20.26\n');
  environment('Users/ana/.virtualenvs/sales', 'virtualenvwrapper', 'virtualenv = 20.26\n');
  environment('Users/ana/AppData/Local/hatch/env/virtual/app/x/app', 'hatch', 'virtualenv = 20.26\n');
  environment('Users/ana/AppData/Roaming/uv/tools/ruff', 'uv-tool', 'uv = 0.5.1\n');
  tree.file('Users/ana/anaconda3/conda-meta/history', '');
  tree.file('Users/ana/anaconda3/conda-meta/python-3.11.5-h1_0.json', '{}');
  tree.file('Users/ana/anaconda3/python.exe', EXE);
  planted.environments.push({ prefix: 'Users/ana/anaconda3', kind: 'conda' });
  planted.interpreters.push({ prefix: 'Users/ana/anaconda3/python.exe', kind: 'conda' });
  tree.file(
    'Users/ana/.xlwings/xlwings.conf',
    '"INTERPRETER_WIN","C:\\Python312\\pythonw.exe"\n"UDF MODULES","ledger;tax"\n',
  );
  planted.references.push({ prefix: 'Users/ana/.xlwings/xlwings.conf', kind: 'xlwings' });
  tree.file('Users/ana/AppData/Roaming/Microsoft/Excel/XLSTART/xlwings.xlam', 'PK');
  planted.references.push({
    prefix: 'Users/ana/AppData/Roaming/Microsoft/Excel/XLSTART/xlwings.xlam',
    kind: 'excel-startup',
  });
  tree.file(
    'Users/ana/pyxll/pyxll.cfg',
    '[PYXLL]\nmodules =\n    prices\n    risk\n[PYTHON]\nexecutable = C:\\Python312\\pythonw.exe\n',
  );
  planted.references.push({ prefix: 'Users/ana/pyxll/pyxll.cfg', kind: 'pyxll' });
  return planted;
}

/** Plants what macOS has. */
export function plantMacosKinds(tree: PlantedTree): Planted {
  const planted: Planted = { interpreters: [], environments: [], references: [] };
  const python = (prefix: string, short: string, kind: string) => {
    tree.file(`${prefix}/bin/python${short}`, MACH_O);
    tree.link(`${prefix}/bin/python3`, `python${short}`);
    tree.file(`${prefix}/lib/python${short}/os.py`, '');
    planted.interpreters.push({ prefix: `${prefix}/bin/python${short}`, kind });
  };
  python('Library/Frameworks/Python.framework/Versions/3.12', '3.12', 'python-org');
  python('Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9', '3.9', 'apple');
  python('Applications/Xcode.app/Contents/Developer/Library/Frameworks/Python3.framework/Versions/3.9', '3.9', 'apple');
  python('opt/homebrew/Cellar/python@3.13/3.13.1/Frameworks/Python.framework/Versions/3.13', '3.13', 'homebrew');
  tree.link(
    'opt/homebrew/bin/python3.13',
    '../Cellar/python@3.13/3.13.1/Frameworks/Python.framework/Versions/3.13/bin/python3.13',
  );
  python('Users/ana/.pyenv/versions/3.11.9', '3.11', 'pyenv');
  python('Applications/QGIS.app/Contents/MacOS', '3.9', 'embedded');
  tree.file('Users/ana/Library/Caches/pypoetry/virtualenvs/app-x-py3.12/pyvenv.cfg', 'home = /opt/homebrew/bin\n');
  tree.file('Users/ana/Library/Caches/pypoetry/virtualenvs/app-x-py3.12/bin/python', MACH_O);
  planted.environments.push({ prefix: 'Users/ana/Library/Caches/pypoetry/virtualenvs/app-x-py3.12', kind: 'poetry' });
  return planted;
}
