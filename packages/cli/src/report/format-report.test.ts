import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ObservedActivity, Run, RunReport } from '@sentinel/protocol';
import { formatReport } from './format-report.ts';
import { formatBytes, formatDuration } from './quantities.ts';
import { shorten } from './section.ts';
import { type TextStyle, terminalStyle } from './terminal-style.ts';

const PLAIN: TextStyle = { hasColour: false, width: 80, isUnicode: true };
const RUN = Run.parse({
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  revision: 1,
  startKind: 'start',
  status: 'ended',
  script: { id: 'a'.repeat(32), kind: 'file', name: 'report.py', path: '/srv/report.py' },
  interpreter: { path: '/v/bin/python', implementation: 'cpython', version: '3.12.1', basePrefix: '/usr' },
  environment: { prefix: '/srv/venv', kind: 'virtual' },
  user: { name: 'ada' },
  hostName: 'host',
  pid: 1,
  parentPid: 0,
  argumentCount: 0,
  argumentShape: '',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.240Z',
  durationMs: 1240,
  exitRoute: 'finished',
  exitCode: 0,
  cpuUserMs: 800,
  cpuSystemMs: 50,
  peakMemoryBytes: 48_000_000,
  probe: { version: '0.1.0', dropped: 0, errors: 0 },
});

let made = 0;
function activity(
  type: string,
  attributes: ObservedActivity['attributes'],
  counters: Partial<ObservedActivity> = {},
): ObservedActivity {
  made++;
  const time = '2026-01-01T00:00:00.000Z';
  return {
    id: made,
    type,
    attributes,
    count: 1,
    bytesIn: 0,
    bytesOut: 0,
    rows: 0,
    errors: 0,
    firstSeen: time,
    lastSeen: time,
    ...counters,
  };
}

function report(activities: ObservedActivity[], given: Partial<RunReport> = {}): RunReport {
  return RunReport.parse({ run: RUN, activities, decisions: [], findings: [], children: [], ...given });
}

const FINE = { exitCode: 0, signal: undefined };

describe('report for people', () => {
  it('shows what the run touched, a section for each kind', () => {
    const activities = [
      activity('module.import', {
        'sentinel.module.name': 'yaml',
        'sentinel.module.kind': 'distribution',
        'sentinel.distribution.name': 'pyyaml',
        'sentinel.distribution.version': '6.0.2',
      }),
      activity('module.import', { 'sentinel.module.name': 'json', 'sentinel.module.kind': 'stdlib' }),
      activity('module.import', { 'sentinel.module.name': 'own', 'sentinel.module.kind': 'local' }),
      activity('file.open', { 'file.path': '/data/in.csv', 'sentinel.file.operation': 'read', 'file.size': 1_200_000 }),
      activity('file.open', { 'file.path': '/data/out.xlsx', 'sentinel.file.operation': 'write', 'file.size': 88_000 }),
      activity(
        'net.connect',
        { 'server.address': 'api.example.com', 'server.port': 443, 'network.transport': 'tcp' },
        { bytesIn: 12_000, bytesOut: 900 },
      ),
      activity(
        'http.request',
        {
          'server.address': 'api.example.com',
          'server.port': 443,
          'http.request.method': 'GET',
          'http.response.status_code': 200,
          'url.scheme': 'https',
        },
        { count: 3 },
      ),
      activity('net.listen', {
        'network.local.address': '127.0.0.1',
        'network.local.port': 8000,
        'network.transport': 'tcp',
      }),
      activity(
        'db.query',
        {
          'db.system.name': 'sqlite',
          'db.namespace': '/data/crm.db',
          'db.operation.name': 'SELECT',
          'db.collection.name': 'customers',
        },
        { rows: 15_000, count: 2 },
      ),
      activity(
        'process.spawn',
        {
          'process.executable.path': '/usr/bin/git',
          'process.executable.name': 'git',
          'sentinel.process.launcher': 'subprocess.Popen',
        },
        { count: 2 },
      ),
    ];
    const children = [
      { run: { ...RUN, id: '01890a5d-ac96-774b-bcce-b302099a8058', startKind: 'fork' as const }, activities: [] },
    ];
    assert.equal(
      formatReport(report(activities, { children }), FINE, PLAIN),
      `✔ report.py  exit code 0 · 1.24 s · CPU 850 ms · memory 48 MB
  Python 3.12.1 · venv /srv/venv · run 01890a5d-ac96-774b-bcce-b302099a8057

  Libraries  1 standard module
    own     local
    pyyaml  6.0.2

  Files  1 file read, 1 changed
    /data/out.xlsx  write  88 kB
    /data/in.csv    read   1.2 MB

  Network  1 peer
    api.example.com:443  12 kB in, 900 B out  GET 200 x3
    127.0.0.1:8000       listens              tcp

  Databases  1 database
    sqlite /data/crm.db  SELECT customers x2  15,000 rows

  Programs  2 starts
    /usr/bin/git  subprocess.Popen  x2

  Children  1 Python run
    report.py (fork)  exit code 0  1.24 s  0 activities
`,
    );
  });

  it('shows documents with their rows, applications, and every other kind in a line of its own', () => {
    const activities = [
      activity('file.open', {
        'file.path': '/d/OneDrive/out.xlsx',
        'sentinel.file.operation': 'write',
        'file.size': 88_000,
        'sentinel.file.place': 'personal_cloud',
        'sentinel.file.provider': 'onedrive',
      }),
      activity(
        'document.use',
        {
          'file.path': '/d/OneDrive/out.xlsx',
          'sentinel.document.format': 'xlsx',
          'sentinel.file.operation': 'write',
          'sentinel.library.name': 'openpyxl',
        },
        { rows: 12_000 },
      ),
      activity('com.call', { 'sentinel.com.prog_id': 'Excel.Application', 'sentinel.com.member': 'Dispatch' }),
      activity(
        'com.call',
        { 'sentinel.com.prog_id': 'Excel.Application', 'sentinel.com.member': 'Quit' },
        { count: 2 },
      ),
      activity('desktop.use', { 'sentinel.desktop.kind': 'keyboard_hook', 'sentinel.library.name': 'pynput' }),
      activity('mail.send', { 'server.address': 'smtp.example.org', 'sentinel.library.name': 'smtplib' }, { count: 3 }),
      activity('code.load', { 'sentinel.code.kind': 'pickle', 'sentinel.code.name': 'os.system' }),
      activity('probe.tamper', { 'sentinel.tamper.kind': 'gc.get_objects' }),
      activity('kind.unknown', {}),
    ];
    assert.equal(
      formatReport(report(activities), FINE, PLAIN).split('\n').slice(2).join('\n'),
      `
  Files  0 files read, 1 changed
    /d/OneDrive/out.xlsx  write  88 kB, 12,000 rows, personal cloud (onedrive)

  Applications  2 uses
    Excel.Application  Dispatch, Quit  x3
    keyboard hook      pynput          

  Also
    smtp.example.org smtplib  Mail sent                  x3
    os.system pickle          Code loaded while running
    gc.get_objects            Reach for the probe
    (no name)                 kind.unknown
`.replaceAll(/ +$/gm, ''),
    );
  });

  it('cuts long sections and long names, and shows no control character of a name', () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      activity('file.open', {
        'file.path': `/data/${'x'.repeat(200)}${i}\u001B[31m`,
        'sentinel.file.operation': 'read',
      }),
    );
    const text = formatReport(report(many), FINE, PLAIN);
    assert.ok(text.split('\n').every((line) => line.length <= 80));
    assert.ok(!text.includes('\u001B'));
    assert.match(text, / and 18 more \(--json has all\)/);
  });

  it('says how it ended when it did not end well, and what is missing', () => {
    const run = {
      ...RUN,
      exitRoute: 'exception' as const,
      exitCode: 1,
      probe: { version: '0.1.0', dropped: 2, errors: 1 },
    };
    const text = formatReport(report([], { run }), { exitCode: 1, signal: undefined }, PLAIN);
    assert.match(text, /^✘ report.py {2}exception · exit code 1/);
    assert.match(text, /Nothing was touched that Sentinel observes/);
    assert.match(text, /Incomplete: 2 activities could not be kept; the probe survived 1 fault of its own/);
    assert.match(
      formatReport(report([]), { exitCode: undefined, signal: 'SIGKILL' }, { ...PLAIN, isUnicode: false }),
      /^x report.py {2}ended by SIGKILL - 1.24 s/,
    );
  });
});

it('takes colours from the terminal and the environment', () => {
  assert.equal(terminalStyle({}, true, 80).hasColour, true);
  assert.equal(terminalStyle({}, false, undefined).hasColour, false);
  assert.equal(terminalStyle({ NO_COLOR: '1' }, true, 80).hasColour, false);
  assert.equal(terminalStyle({ TERM: 'dumb' }, true, 80).hasColour, false);
  assert.equal(terminalStyle({ FORCE_COLOR: '1' }, false, undefined).hasColour, true);
  assert.equal(terminalStyle({ FORCE_COLOR: '0' }, true, 80).hasColour, false);
});

it('writes quantities for people', () => {
  assert.deepEqual([0, 999, 1000, 9_949, 12_400, 999_499, 999_500, 5e9].map(formatBytes), [
    '0 B',
    '999 B',
    '1.0 kB',
    '9.9 kB',
    '12 kB',
    '999 kB',
    '1.0 MB',
    '5.0 GB',
  ]);
  assert.deepEqual([0, 38.4, 1240, 12_340, 125_000, 11_520_000].map(formatDuration), [
    '0 ms',
    '38 ms',
    '1.24 s',
    '12.3 s',
    '2 min 5 s',
    '3 h 12 min',
  ]);
  assert.equal(shorten('/a/very/long/path/name.py', 14, PLAIN), '/a/ve…/name.py');
});
