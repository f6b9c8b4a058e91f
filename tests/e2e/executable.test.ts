import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { buildExecutable } from '../support/executable.ts';
import { type Program, startProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-executable-'));
const temporary = join(folder, 'tmp');
const data = join(folder, 'data');
const installed = join(folder, 'opt');
/** Nothing of the repository's Node or packages is on the way. */
const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: join(folder, 'home'),
  TMPDIR: temporary,
  SENTINEL_APP_FOLDER: join(folder, 'app'),
};
const PACKAGING = join(import.meta.dirname, '..', '..', 'packaging', 'linux');

interface Status {
  readonly agentVersion: string;
  readonly isInContact: boolean;
  readonly serverUrl: string;
}

let executable: string;
let server: Program | undefined;
let supervisor: ReturnType<typeof spawn> | undefined;

before(() => {
  for (const path of [temporary, data, installed, environment.HOME]) mkdirSync(path);
  executable = buildExecutable(folder);
});

after(async () => {
  if (supervisor?.pid !== undefined) process.kill(-supervisor.pid, 'SIGKILL');
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the single executable analyses, scans and observes without the repository', () => {
  const script = join(folder, 'home', 'report.py');
  writeFileSync(script, 'import csv, sys\nprint("made", len(sys.argv))\nopen(sys.argv[1], "w").write("x" * 10)\n');

  const version = execFileSync(executable, ['--version'], { env: environment, encoding: 'utf8' });
  const analysed = spawnSync(executable, ['analyse', script, '--json'], { env: environment, encoding: 'utf8' });
  const output = join(folder, 'made.txt');
  const run = spawnSync(
    executable,
    ['run', '--json', '--report', join(folder, 'run.json'), '--', 'python3', script, output],
    {
      env: environment,
      encoding: 'utf8',
    },
  );

  assert.match(version, /^\d+\.\d+\.\d+\n$/);
  assert.equal(analysed.status, 0, analysed.stderr);
  assert.match(analysed.stdout, /files\.write/);
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /made 2/);
  const report = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
    activities: { attributes: Record<string, unknown> }[];
  };
  const written = report.activities.find(({ attributes }) => attributes['file.path'] === output);
  assert.equal(written?.attributes['file.size'], 10);
  assert.equal(readdirSync(environment.SENTINEL_APP_FOLDER).length, 1, 'laid out once');
});

test('a scan by the executable leaves nothing behind but its report', () => {
  const { SENTINEL_APP_FOLDER: _none, ...bare } = environment;
  const report = join(folder, 'scan.json');

  const scan = spawnSync(executable, ['scan', '--root', environment.HOME, '--format', 'json', '--out', report], {
    env: bare,
    encoding: 'utf8',
  });

  assert.equal(scan.status, 0, scan.stderr);
  assert.match(readFileSync(report, 'utf8'), /report\.py/);
  assert.deepEqual(readdirSync(temporary), []);
  assert.deepEqual(readdirSync(environment.HOME), ['report.py']);
});

test('an executable that was cut or changed does not start', () => {
  const bytes = readFileSync(executable);
  // In the middle of the packed program, which stands at the end of the file.
  const place = bytes.length - 1_000_000;
  bytes.fill(0x5a, place, place + 64);
  const changed = join(folder, 'changed');
  writeFileSync(changed, bytes, { mode: 0o755 });

  const { status, stderr } = spawnSync(changed, ['--version'], {
    env: { ...environment, SENTINEL_APP_FOLDER: join(folder, 'app-of-changed') },
    encoding: 'utf8',
  });

  assert.notEqual(status, 0);
  assert.match(stderr, /cannot be laid out/);
  assert.deepEqual(readdirSync(join(folder, 'app-of-changed')), [], 'nothing half laid out stays');
});

test('the installer lays everything out, its agent starts by what the unit gives it, and the roll-back goes one version back', async () => {
  const root = join(folder, 'root');
  const tokenFile = join(folder, 'token');
  const ownData = join(folder, 'installed-data');
  const program = startProgram(
    'packages/server/src/main.ts',
    ['--data', join(folder, 'server-of-installed'), '--port', '0'],
    join(folder, 'server-of-installed.log'),
  );
  const ready = await program.message('ready');
  writeFileSync(tokenFile, `${ready['enrolmentToken']}\n`);
  const script = (name: string, ...args: string[]) =>
    spawnSync('sh', [join(PACKAGING, name), ...args], {
      env: { ...environment, SENTINEL_FOLDER: join(root, 'opt', 'sentinel'), SENTINEL_RESTART: 'true' },
      encoding: 'utf8',
    });
  const install = () =>
    script(
      'install.sh',
      '--root',
      root,
      '--executable',
      executable,
      '--server',
      ready['url'] ?? '',
      '--token-file',
      tokenFile,
    );
  let agent: ReturnType<typeof spawn> | undefined;
  try {
    const first = install();
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stdout, /^Sentinel \d+\.\d+\.\d+ lies in /);
    assert.equal(install().status, 0, 'again is as good as once');
    const current = join(root, 'opt', 'sentinel', 'current');
    const service = join(root, 'etc', 'systemd', 'system', 'sentinel-agent.service');
    const settings = join(root, 'etc', 'sentinel', 'agent.env');
    assert.equal(statSync(settings).mode & 0o777, 0o600);
    assert.equal(readlinkSync(join(root, 'usr', 'local', 'bin', 'sentinel')), '/opt/sentinel/current/sentinel');

    // As systemd does: the words of ExecStart, and the variables of EnvironmentFile.
    const [, command = ''] = /^ExecStart=(.*)$/m.exec(readFileSync(service, 'utf8')) ?? [];
    const words = command.replace('/opt/sentinel', join(root, 'opt', 'sentinel')).replace('/var/lib/sentinel', ownData);
    const [file = '', ...args] = words.split(' ');
    const given = Object.fromEntries(
      readFileSync(settings, 'utf8')
        .trim()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    assert.deepEqual(Object.keys(given), ['SENTINEL_SERVER', 'SENTINEL_TOKEN']);
    agent = spawn(file, args, { env: { ...environment, ...given }, stdio: 'ignore' });
    await eventually(120_000, () => {
      const status = readStatus(ownData);
      assert.deepEqual([status?.isInContact, status?.serverUrl], [true, ready['url']]);
    });

    mkdirSync(join(root, 'opt', 'sentinel', 'versions', '0.0.9'));
    symlinkSync('versions/0.0.9', join(root, 'opt', 'sentinel', 'previous'));
    writeFileSync(join(root, 'opt', 'sentinel', 'upgrade.json'), '{}');
    const installedVersion = readlinkSync(current);
    assert.equal(script('roll-back.sh').status, 0);
    assert.deepEqual(
      [readlinkSync(current), existsSync(join(root, 'opt', 'sentinel', 'upgrade.json'))],
      ['versions/0.0.9', false],
    );
    assert.equal(script('roll-back.sh').status, 0, 'without an upgrade under way it changes nothing');
    assert.equal(readlinkSync(current), 'versions/0.0.9');
    assert.notEqual(installedVersion, 'versions/0.0.9');
  } finally {
    agent?.kill('SIGKILL');
    await program.stop();
  }
});

test('an upgrade goes into service once the server answers it, and a bad one goes back', async () => {
  server = startProgram('packages/server/src/main.ts', ['--data', data, '--port', '0'], join(folder, 'server.log'));
  const ready = await server.message('ready');
  const first = executable;
  const second = buildExecutable(folder, '0.2.0');
  const third = join(folder, 'third');
  writeFileSync(third, '#!/bin/sh\n[ "$1" = --version ] && { echo 0.3.0; exit; }\nsleep 1; exit 1\n', { mode: 0o755 });
  const key = join(folder, 'release.pem');
  const sign = (file: string, version: string) =>
    /Public key: (\S+)/.exec(
      execFileSync(first, ['agent', 'sign-release', file, '--key', key, '--release-version', version], {
        env: environment,
        encoding: 'utf8',
      }),
    )?.[1] ?? '';
  const trusted = sign(first, '0.1.0');
  sign(second, '0.2.0');
  sign(third, '0.3.0');
  const restart = join(folder, 'restart.sh');
  writeFileSync(restart, `#!/bin/sh\nkill $(cut -d' ' -f1 '${data}/agent/lock') 2>/dev/null || true\n`);
  chmodSync(restart, 0o755);
  const upgrade = (file: string, ...more: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      first,
      [
        'agent',
        'upgrade',
        file,
        '--key',
        trusted,
        '--folder',
        installed,
        '--data',
        data,
        '--restart',
        restart,
        '--wait',
        '20',
        '--json',
        ...more,
      ],
      { env: environment, encoding: 'utf8' },
    );
    assert.notEqual(stdout, '', stderr);
    return { status, ...(JSON.parse(stdout) as { result: string; from?: string; to?: string; reason?: string }) };
  };

  assert.deepEqual(upgrade(first), { status: 0, result: 'installed', to: '0.1.0' });
  supervisor = spawn(
    'sh',
    [
      '-c',
      `while :; do '${installed}/current/sentinel' agent run --data '${data}' --server '${ready['url']}'; sleep 0.2; done`,
    ],
    { env: { ...environment, SENTINEL_TOKEN: ready['enrolmentToken'] ?? '' }, stdio: 'ignore', detached: true },
  );
  await eventually(60_000, () => assert.equal(agentStatus()?.isInContact, true));

  assert.deepEqual(upgrade(second), { status: 0, result: 'upgraded', from: '0.1.0', to: '0.2.0' });
  assert.equal(agentStatus()?.agentVersion, '0.2.0');
  const back = upgrade(third, '--wait', '4');
  assert.deepEqual([back.status, back.result, back.from], [1, 'rolled-back', '0.2.0']);
  await eventually(60_000, () => {
    assert.equal(agentStatus()?.agentVersion, '0.2.0');
    assert.equal(agentStatus()?.isInContact, true);
  });
  assert.ok(!existsSync(join(installed, 'upgrade.json')));
  assert.equal(upgrade(first).result, 'refused', 'an older one');
  writeFileSync(`${third}.release`, readFileSync(`${second}.release`));
  assert.match(upgrade(third).reason ?? '', /not the one that was signed|in service already/);
  sign(third, '0.3.0');
  const other = join(folder, 'other.pem');
  execFileSync(first, ['agent', 'sign-release', third, '--key', other, '--release-version', '0.3.0'], {
    env: environment,
  });
  assert.match(upgrade(third).reason ?? '', /not trusted/);
});

function agentStatus(): Status | undefined {
  return readStatus(data);
}

function readStatus(of: string): Status | undefined {
  try {
    return JSON.parse(readFileSync(join(of, 'agent', 'status.json'), 'utf8')) as Status;
  } catch {
    return undefined;
  }
}
