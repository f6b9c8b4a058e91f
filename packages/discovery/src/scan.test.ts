import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Inventory, ScanCoverage } from '@sentinel/protocol';
import { linux } from './platform/linux.ts';
import { type ScanOptions, type ScanOutcome, scan } from './scan.ts';
import { decodeState, encodeState, type ScanState } from './scan-state.ts';
import { PlantedTree, plantLinux } from './testing/planted-tree.ts';

describe('a scan of a planted computer', () => {
  let folder: string;
  let tree: PlantedTree;
  let found: ScanOutcome;
  const short = (path: string) => path.replace(`${tree.root}/`, '');
  const look = (options: ScanOptions = {}) => scan({ systemRoot: tree.root, platform: linux, ...options });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-scan-'));
    tree = new PlantedTree(join(folder, 'machine'));
    plantLinux(tree);
    found = await look();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has the shape of the protocol', () => {
    Inventory.parse(found.inventory);
    ScanCoverage.parse(found.coverage);
  });

  it('finds each interpreter once, with its version and proof, no shim, and broken links with their problem', () => {
    assert.deepEqual(
      found.inventory.interpreters.map(({ path, kind, version, aliases, proof, problem }) => [
        short(path),
        kind,
        version,
        aliases.map(short),
        short(proof),
        problem,
      ]),
      [
        [
          'home/ana/.pyenv/versions/3.12.1/bin/python3.12',
          'pyenv',
          '3.12.1',
          ['home/ana/.pyenv/versions/3.12.1/bin/python3'],
          'home/ana/.pyenv/versions/3.12.1/lib/python3.12/os.py',
          undefined,
        ],
        [
          'home/ana/miniconda3/bin/python3',
          'conda',
          '3.10.13',
          [],
          'home/ana/miniconda3/lib/python3.10/os.py',
          undefined,
        ],
        [
          'home/ana/projects/cleaner/.pixi/envs/default/bin/python3',
          'pixi',
          '3.13.0',
          [],
          'home/ana/projects/cleaner/.pixi/envs/default/bin/python3',
          undefined,
        ],
        ['usr/bin/python3.11', 'system', '3.11.2', ['usr/bin/python3'], 'usr/lib/python3.11/os.py', undefined],
        [
          'usr/local/bin/python3.9',
          'local',
          '3.9',
          [],
          'usr/local/bin/python3.9',
          'link to /opt/gone/bin/python3.9, which does not exist',
        ],
      ],
    );
  });

  it('finds environments of every tool, and says which are broken', () => {
    assert.deepEqual(
      found.inventory.environments.map(({ prefix, kind, version, project, problem }) => [
        short(prefix),
        kind,
        version,
        project === undefined ? undefined : short(project),
        problem,
      ]),
      [
        ['home/ana/.cache/pypoetry/virtualenvs/app-AbC-py3.12', 'poetry', '3.12.1', undefined, undefined],
        ['home/ana/.local/share/pipx/venvs/black', 'pipx', undefined, undefined, undefined],
        ['home/ana/.local/share/uv/tools/ruff', 'uv-tool', '3.12.1', undefined, undefined],
        ['home/ana/.local/share/virtualenvs/old-x1', 'pipenv', undefined, '/home/ana/projects/old', undefined],
        [
          'home/ana/broken',
          'venv',
          '3.8.1',
          undefined,
          'bin/python leads to /opt/gone/bin/python3.8, which does not exist',
        ],
        ['home/ana/miniconda3', 'conda', '3.10.13', undefined, undefined],
        ['home/ana/projects/cleaner/.pixi/envs/default', 'pixi', '3.13.0', 'home/ana/projects/cleaner', undefined],
        ['home/ana/projects/report/.tox/py312', 'tox', undefined, 'home/ana/projects/report', undefined],
        ['home/ana/projects/report/.venv', 'venv', '3.12.1', 'home/ana/projects/report', undefined],
      ],
    );
  });

  it('lists installed distributions by their records', () => {
    const packages = found.inventory.packages.map(
      ({ distribution, version, installer }) => `${distribution} ${version} ${installer}`,
    );
    assert.deepEqual([...new Set(packages)].sort(), [
      'apt 2.6 system',
      'numpy 1.26.4 conda',
      'pip 24.0 pip',
      'python 3.10.13 conda',
      'python 3.13.0 conda',
      'requests-toolbelt 1.0.0 uv',
    ]);
    assert.equal(packages.filter((one) => one === 'requests-toolbelt 1.0.0 uv').length, 7);
  });

  it('lists what people wrote, with its place and role, and no library', () => {
    assert.deepEqual(
      found.inventory.scripts.map(({ path, ground, role, place, notRead }) => [
        short(path),
        ground,
        role,
        place.class,
        place.label,
        notRead,
      ]),
      [
        ['etc/cron.daily/cleanup', 'shebang', 'script', 'other', undefined, undefined],
        ['home/ana/Desktop/quick.pyw', 'extension', 'script', 'desktop', undefined, undefined],
        ['home/ana/Dokumente/rechnung.py', 'extension', 'script', 'documents', undefined, undefined],
        ['home/ana/OneDrive - Contoso/plan.py', 'extension', 'script', 'sync-folder', 'OneDrive - Contoso', undefined],
        ['home/ana/OneDrive/cloud only.py', 'extension', 'script', 'sync-folder', 'OneDrive (personal)', 'placeholder'],
        ['home/ana/OneDrive/gl export.py', 'extension', 'script', 'sync-folder', 'OneDrive (personal)', undefined],
        ['home/ana/bin/nightly', 'shebang', 'script', 'home', undefined, undefined],
        ['home/ana/bin/tool.pyz', 'archive', 'script', 'home', undefined, undefined],
        ['home/ana/broken/mine.py', 'extension', 'script', 'home', undefined, undefined],
        ['home/ana/projects/report/lib/__init__.py', 'extension', 'module', 'repository', 'report', undefined],
        ['home/ana/projects/report/lib/shared.py', 'extension', 'module', 'repository', 'report', undefined],
        ['home/ana/projects/report/report.py', 'extension', 'script', 'repository', 'report', undefined],
        ['home/ana/projects/report/tests/test_report.py', 'extension', 'test', 'repository', 'report', undefined],
      ],
    );
    const report = found.inventory.scripts.find(({ path }) => path.endsWith('report.py'));
    assert.deepEqual(
      [report?.place.hasRemote, report?.lines, report?.modifiedAt, report?.sha256?.length],
      [true, 2, '2025-06-15T15:06:40.000Z', 64],
    );
    assert.ok(found.coverage.librarySources > 0);
  });

  it('reads notebooks, kernels, packed programs and launchers', () => {
    const { notebooks, kernels, frozen, launchers } = found.inventory;
    assert.deepEqual(
      notebooks.map(({ path, codeCells, kernel, notRead }) => [short(path), codeCells, kernel, notRead]),
      [
        ['home/ana/Documents/look.ipynb', 2, 'python3', undefined],
        ['home/ana/OneDrive/cloud only.ipynb', undefined, undefined, 'placeholder'],
      ],
    );
    assert.deepEqual(
      kernels.map(({ name, interpreter }) => [name, interpreter]),
      [['Old', '/opt/gone/bin/python']],
    );
    assert.deepEqual(
      frozen.map(({ path, kind, version }) => [short(path), kind, version]),
      [['home/ana/bin/packed', 'pyinstaller', '3.11']],
    );
    assert.deepEqual(
      launchers.map(({ path, kind, commands }) => [short(path), kind, commands]),
      [
        [
          'home/ana/Desktop/report.desktop',
          'desktop-entry',
          [
            {
              program: '/usr/bin/python3',
              script: '/home/ana/projects/report/report.py',
              isInline: false,
              argumentCount: 1,
            },
          ],
        ],
        [
          'home/ana/bin/start.sh',
          'shell',
          [{ program: 'python3', script: '/home/ana/projects/report/report.py', isInline: false, argumentCount: 2 }],
        ],
      ],
    );
  });

  it('reads schedules without any argument value', () => {
    assert.deepEqual(
      found.inventory.schedules.map(({ source, kind, when, user, isEnabled, command }) => [
        short(source),
        kind,
        when,
        user,
        isEnabled,
        command.script ?? command.module,
      ]),
      [
        ['etc/anacrontab', 'anacron', 'every 7 days, delay 15 min', 'root', true, '/home/ana/Dokumente/rechnung.py'],
        ['etc/cron.daily/cleanup', 'cron', 'daily', 'root', true, tree.path('etc/cron.daily/cleanup')],
        ['etc/crontab', 'cron', '30 2 * * 1-5', 'ana', true, '/home/ana/projects/report/report.py'],
        ['etc/crontab', 'cron', '@daily', 'root', true, '/home/ana/bin/nightly'],
        [
          'etc/systemd/system/ledger.timer',
          'systemd-timer',
          'OnCalendar=Mon..Fri 03:00',
          'ana',
          true,
          '/home/ana/projects/report/report.py',
        ],
        [
          'home/ana/.config/systemd/user/bot.service',
          'systemd-service',
          'on demand',
          'ana',
          false,
          '/home/ana/bin/nightly',
        ],
        ['var/spool/cron/crontabs/ana', 'cron', '*/5 * * * *', 'ana', true, 'report.sync'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(found), /geheim/);
  });

  it('counts placeholders and reads none of them', () => {
    assert.equal(found.coverage.placeholders, 4);
  });

  it('gives the same inventory with one worker, with two, and under a limit of the processor', async () => {
    for (const options of [{ workerCount: 1 }, { workerCount: 2 }, { cpuPercent: 80 }])
      assert.deepEqual((await look(options)).inventory, found.inventory);
  });

  it('takes a folder that was asked for as people’s own, wherever it lies', async () => {
    const { inventory } = await scan({ roots: [tree.path('home/ana/projects/report/vendor')], platform: linux });
    assert.deepEqual(
      inventory.scripts.map(({ path }) => short(path)),
      ['home/ana/projects/report/vendor/six.py'],
    );
  });

  it('reuses unchanged folders, and sees new, changed and removed files and folders', async () => {
    const first = await look({ keepsState: true });
    const state = reopened(first.state);
    assert.deepEqual(state?.folders.pathEnds.length, first.state?.folders.pathEnds.length);
    const again = await look({ keepsState: true, ...(state === undefined ? {} : { state }) });
    assert.deepEqual(again.inventory, found.inventory);
    assert.deepEqual({ ...again.coverage, reusedFolders: 0 }, first.coverage);
    // Folders with interpreters or environments are looked at each time.
    assert.ok(
      again.coverage.reusedFolders > again.coverage.folders * 0.8,
      `${again.coverage.reusedFolders} of ${again.coverage.folders}`,
    );

    const script = tree.path('home/ana/Desktop/quick.pyw');
    const before = readFileSync(script);
    const later = new Date('2025-07-01T00:00:00Z');
    writeFileSync(script, 'print(2)\n');
    utimesSync(script, later, later);
    tree.file('home/ana/Desktop/new/deep/fresh.py', 'print(3)\n');
    const moved = tree.path('home/ana/Dokumente');
    renameSync(moved, join(folder, 'away'));
    const changed = await look(state === undefined ? {} : { state });
    const afresh = await look();
    assert.deepEqual(changed.inventory, afresh.inventory);
    assert.equal(changed.coverage.entries, afresh.coverage.entries);
    assert.deepEqual(
      changed.inventory.scripts.map(({ path }) => short(path)).filter((path) => /fresh|rechnung/.test(path)),
      ['home/ana/Desktop/new/deep/fresh.py'],
    );
    renameSync(join(folder, 'away'), moved);
    writeFileSync(script, before);
    utimesSync(script, 1_750_000_000, 1_750_000_000);
    rmSync(tree.path('home/ana/Desktop/new'), { recursive: true });
  });

  it('gives back the state that it started from as long as nothing changed', async () => {
    const root = join(folder, 'same');
    mkdirSync(join(root, 'inner'), { recursive: true });
    writeFileSync(join(root, 'inner', 'own.py'), 'print(1)\n');
    const state = reopened((await scan({ roots: [root], keepsState: true })).state);
    assert.ok(state !== undefined);
    assert.equal((await scan({ roots: [root], keepsState: true, state })).state, state);
    const inner = join(root, 'inner');
    const { mtime } = statSync(inner);
    writeFileSync(join(inner, 'own.py'), 'print(1, 2)\n');
    utimesSync(inner, mtime, mtime);
    const later = await scan({ roots: [root], keepsState: true, state });
    assert.notEqual(later.state, state);
    assert.deepEqual(
      later.inventory.scripts.map(({ sizeBytes }) => sizeBytes),
      [12],
    );
    rmSync(root, { recursive: true });
  });

  it('forgets what lay below a folder that became an environment', async () => {
    tree.file('home/ana/turns/bin/mine.py', 'print(1)\n');
    const first = await look({ keepsState: true });
    tree.environment('home/ana/turns', 'home = /usr/bin\n', '/usr/bin/python3.11');
    const second = await look(first.state === undefined ? {} : { state: first.state });
    assert.deepEqual(second.inventory, (await look()).inventory);
    rmSync(tree.path('home/ana/turns'), { recursive: true });
  });

  it('goes on where it was interrupted', async () => {
    for (let index = 0; index < 300; index += 1) tree.file(`srv/many/${index % 20}/${index}/a.py`, `print(${index})\n`);
    const whole = await look();
    const stop = new AbortController();
    const part = await look({
      keepsState: true,
      signal: stop.signal,
      workerCount: 1,
      cpuPercent: 100,
      onProgress: () => stop.abort(),
    });
    const state = reopened(part.state);
    const rest = await look({ keepsState: true, ...(state === undefined ? {} : { state }) });
    assert.deepEqual(rest.inventory, whole.inventory);
    assert.deepEqual([rest.coverage.isComplete, rest.coverage.entries], [true, whole.coverage.entries]);
    rmSync(tree.path('srv'), { recursive: true });
  });

  it('starts afresh from a state that is damaged or of other roots', async () => {
    const { state } = await look({ keepsState: true });
    const bytes = Buffer.concat(encodeState(state ?? assert.fail('no state')));
    const flipped = Buffer.from(bytes);
    flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 1;
    for (const damaged of [
      Buffer.alloc(0),
      Buffer.from('{}'),
      bytes.subarray(0, bytes.length >> 1),
      flipped,
      Buffer.from(bytes.toString('latin1').replace('SNTSCAN2', 'SNTSCAN9'), 'latin1'),
    ])
      assert.equal(decodeState(damaged), undefined);
    mkdirSync(join(folder, 'other'), { recursive: true });
    const { coverage } = await look({ roots: [join(folder, 'other')], ...(state === undefined ? {} : { state }) });
    assert.deepEqual([coverage.folders, coverage.reusedFolders], [1, 0]);
  });
});

/** State as the next scan has it: written and read. */
function reopened(state: ScanState | undefined): ScanState | undefined {
  return decodeState(Buffer.concat(encodeState(state ?? assert.fail('no state'))));
}
