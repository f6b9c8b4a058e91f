import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Bytes that begin an ELF program. */
export const ELF = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), Buffer.alloc(120)]);

/** Writes files into a tree; parents are made. */
export class PlantedTree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  file(path: string, content: string | Buffer = ''): string {
    const full = this.path(path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    utimesSync(full, 1_750_000_000, 1_750_000_000);
    return full;
  }

  link(path: string, target: string): string {
    const full = this.path(path);
    mkdirSync(dirname(full), { recursive: true });
    symlinkSync(target, full);
    return full;
  }

  /** A file with a size and no content on the disk, as sync clients leave them. */
  placeholder(path: string, sizeBytes: number): string {
    const full = this.path(path);
    mkdirSync(dirname(full), { recursive: true });
    const descriptor = openSync(full, 'w');
    ftruncateSync(descriptor, sizeBytes);
    closeSync(descriptor);
    return full;
  }

  /** A base installation: program, standard library, two packages. */
  interpreter(prefix: string, version: string): void {
    const short = version.split('.').slice(0, 2).join('.');
    this.file(`${prefix}/bin/python${short}`, ELF);
    this.link(`${prefix}/bin/python3`, `python${short}`);
    for (const name of ['os.py', 'site.py', 'abc.py', 'json/__init__.py'])
      this.file(`${prefix}/lib/python${short}/${name}`, 'x = 1\n');
    this.file(`${prefix}/include/python${short}/patchlevel.h`, `#define PY_VERSION      "${version}"\n`);
    this.distribution(`${prefix}/lib/python${short}/site-packages`, 'pip', '24.0', 'pip');
    this.file(`${prefix}/lib/python${short}/site-packages/pip/__init__.py`, '');
  }

  /** An environment over a base installation. */
  environment(prefix: string, config: string, base: string, version = '3.12'): void {
    this.file(`${prefix}/pyvenv.cfg`, config);
    this.link(`${prefix}/bin/python`, base);
    this.file(`${prefix}/bin/activate`, '');
    this.file(
      `${prefix}/bin/pip`,
      `#!${prefix}/bin/python\nimport sys\nfrom pip import main\nif sys.argv[0].endswith('x'): pass\nsys.exit(main())\n`,
    );
    this.distribution(`${prefix}/lib/python${version}/site-packages`, 'Requests_Toolbelt', '1.0.0', 'uv');
  }

  distribution(site: string, name: string, version: string, installer: string): void {
    this.file(`${site}/${name}-${version}.dist-info/METADATA`, `Name: ${name}\nVersion: ${version}\n`);
    this.file(`${site}/${name}-${version}.dist-info/INSTALLER`, `${installer}\n`);
  }
}

/** A small Linux computer with one of everything. */
export function plantLinux(tree: PlantedTree): void {
  tree.file('etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nana:x:1001:1001::/home/ana:/bin/bash\n');
  tree.interpreter('usr', '3.11.2');
  tree.file('usr/bin/some-system-tool', '#!/usr/bin/python3\nprint(1)\n');
  tree.file('usr/lib/python3/dist-packages/apt-2.6.dist-info/METADATA', 'Name: apt\n');
  tree.interpreter('home/ana/.pyenv/versions/3.12.1', '3.12.1');
  tree.file('home/ana/.pyenv/shims/python3', '#!/usr/bin/env bash\nexec pyenv exec python3 "$@"\n');
  tree.file('home/ana/.pyenv/plugins/python-build/tool.py', 'print(1)\n');
  tree.link('usr/local/bin/python3.9', '/opt/gone/bin/python3.9');
  const base = tree.path('home/ana/.pyenv/versions/3.12.1/bin/python3.12');
  const home = tree.path('home/ana/.pyenv/versions/3.12.1/bin');
  tree.environment('home/ana/projects/report/.venv', `home = ${home}\nversion = 3.12.1\n`, base);
  tree.environment(
    'home/ana/.cache/pypoetry/virtualenvs/app-AbC-py3.12',
    `home = ${home}\nvirtualenv = 20.25\nversion_info = 3.12.1.final.0\n`,
    base,
  );
  tree.environment('home/ana/.local/share/virtualenvs/old-x1', `home = ${home}\nvirtualenv = 20.25\n`, base);
  tree.file('home/ana/.local/share/virtualenvs/old-x1/.project', '/home/ana/projects/old\n');
  tree.environment('home/ana/.local/share/uv/tools/ruff', `home = ${home}\nuv = 0.5.1\nversion_info = 3.12.1\n`, base);
  tree.environment('home/ana/.local/share/pipx/venvs/black', `home = ${home}\n`, base);
  tree.environment('home/ana/projects/report/.tox/py312', `home = ${home}\nvirtualenv = 20.25\n`, base);
  tree.environment('home/ana/broken', `home = /opt/gone/bin\nversion = 3.8.1\n`, '/opt/gone/bin/python3.8');
  tree.file('home/ana/broken/mine.py', 'print("mine")\n');
  tree.file('home/ana/miniconda3/conda-meta/history', '');
  tree.file('home/ana/miniconda3/conda-meta/python-3.10.13-h955ad1f_0.json', '{}');
  tree.file('home/ana/miniconda3/conda-meta/numpy-1.26.4-py310_0.json', '{}');
  tree.file('home/ana/miniconda3/bin/python3', ELF);
  tree.file('home/ana/miniconda3/lib/python3.10/os.py', '');
  tree.file('home/ana/miniconda3/share/lib.py', '');
  tree.file('home/ana/projects/cleaner/.pixi/envs/default/conda-meta/pixi', '');
  tree.file('home/ana/projects/cleaner/.pixi/envs/default/conda-meta/python-3.13.0-h1_0.json', '{}');
  tree.file('home/ana/projects/cleaner/.pixi/envs/default/bin/python3', ELF);
  tree.file('home/ana/projects/report/.git/config', '[remote "origin"]\n\turl = https://git.example/report\n');
  tree.file('home/ana/projects/report/report.py', 'if __name__ == "__main__":\n    print(1)\n');
  tree.file('home/ana/projects/report/lib/__init__.py', '');
  tree.file('home/ana/projects/report/lib/shared.py', 'def f():\n    return 1\n');
  tree.file('home/ana/projects/report/tests/test_report.py', 'def test_x():\n    pass\n');
  tree.file('home/ana/projects/report/node_modules/gyp/gyp.py', 'print(1)\n');
  tree.file('home/ana/projects/report/vendor/six.py', 'print(1)\n');
  tree.file('home/ana/Desktop/quick.pyw', 'print(1)\n');
  tree.file('home/ana/.config/user-dirs.dirs', 'XDG_DOCUMENTS_DIR="$HOME/Dokumente"\n');
  tree.file('home/ana/Dokumente/rechnung.py', 'print(1)\n');
  tree.file('home/ana/OneDrive/gl export.py', 'print(1)\n');
  tree.file('home/ana/OneDrive - Contoso/plan.py', 'print(1)\n');
  tree.placeholder('home/ana/OneDrive/cloud only.py', 9000);
  tree.placeholder('home/ana/OneDrive/cloud only', 9000);
  tree.placeholder('home/ana/OneDrive/cloud only.ipynb', 90_000);
  tree.placeholder('home/ana/OneDrive/start.bat', 9000);
  tree.file(
    'home/ana/Documents/look.ipynb',
    JSON.stringify({
      cells: [{ cell_type: 'code' }, { cell_type: 'markdown' }, { cell_type: 'code' }],
      metadata: { kernelspec: { name: 'python3' } },
    }),
  );
  tree.file('home/ana/bin/nightly', '#!/usr/bin/env python3\nprint(1)\n');
  tree.file('home/ana/bin/not-python', '#!/bin/sh\necho python3\n');
  tree.file(
    'home/ana/bin/tool.pyz',
    Buffer.concat([Buffer.from('#!/usr/bin/env python3\n'), Buffer.from('PK\u0003\u0004')]),
  );
  tree.file(
    'home/ana/bin/start.sh',
    '#!/bin/bash\ncd /home/ana/projects/report\npython3 -W ignore report.py --key geheim 2>&1 | tee log\n',
  );
  tree.file(
    'home/ana/Desktop/report.desktop',
    '[Desktop Entry]\nExec=/usr/bin/python3 /home/ana/projects/report/report.py %f\n',
  );
  tree.file(
    'home/ana/bin/packed',
    Buffer.concat([
      ELF,
      Buffer.alloc(600_000),
      Buffer.from([0x4d, 0x45, 0x49, 0x0c, 0x0b, 0x0a, 0x0b, 0x0e]),
      int32(1),
      int32(2),
      int32(3),
      int32(311),
      Buffer.alloc(64),
    ]),
  );
  tree.file(
    'home/ana/.local/share/jupyter/kernels/old/kernel.json',
    JSON.stringify({ argv: ['/opt/gone/bin/python', '-m', 'ipykernel'], display_name: 'Old', language: 'python' }),
  );
  tree.file(
    'etc/crontab',
    'SHELL=/bin/sh\n# m h dom mon dow user command\n30 2 * * 1-5 ana cd /home/ana/projects/report && python3 report.py --month 5\n@daily root /home/ana/bin/nightly\n0 1 * * * root /usr/bin/true\n',
  );
  tree.file('var/spool/cron/crontabs/ana', '*/5 * * * * /usr/bin/env python3 -m report.sync token=geheim\n');
  tree.file('etc/anacrontab', '7 15 weekly.report nice python3 /home/ana/Dokumente/rechnung.py\n');
  tree.file('etc/systemd/system/ledger.timer', '[Timer]\nOnCalendar=Mon..Fri 03:00\n');
  tree.file(
    'etc/systemd/system/ledger.service',
    '[Service]\nUser=ana\nWorkingDirectory=/home/ana/projects/report\nEnvironment=KEY=geheim\nExecStart=/usr/bin/python3 \\\n  report.py\n',
  );
  tree.link('etc/systemd/system/timers.target.wants/ledger.timer', '../ledger.timer');
  tree.file('home/ana/.config/systemd/user/bot.service', '[Service]\nExecStart=/home/ana/bin/nightly --x\n');
  tree.file('etc/cron.daily/cleanup', '#!/usr/bin/python3\nprint(1)\n');
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
