import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
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

function agentStatus(): { agentVersion: string; isInContact: boolean } | undefined {
  try {
    return JSON.parse(readFileSync(join(data, 'agent', 'status.json'), 'utf8')) as ReturnType<typeof agentStatus>;
  } catch {
    return undefined;
  }
}
