import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { scan } from '../scan.ts';
import { PlantedTree } from '../testing/planted-tree.ts';
import { macos } from './macos.ts';
import { windows } from './windows.ts';

const EXE = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
const TASK = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><CalendarTrigger><StartBoundary>2026-01-05T02:30:00</StartBoundary><ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>CONTOSO\\ana</UserId></Principal></Principals>
  <Settings><Enabled>true</Enabled></Settings>
  <Actions Context="Author"><Exec><Command>C:\\Python312\\python.exe</Command><Arguments>"C:\\scripts\\gl export.py" --password geheim</Arguments><WorkingDirectory>C:\\scripts</WorkingDirectory></Exec></Actions>
</Task>`;
const REGISTRY = `Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Python\\PythonCore\\3.12]
"SysVersion"="3.12"
"Version"="3.12.4"

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Python\\PythonCore\\3.12\\InstallPath]
@="C:\\\\Python312\\\\"
"ExecutablePath"="C:\\\\Python312\\\\python.exe"

[HKEY_CURRENT_USER\\Software\\Python\\ContinuumAnalytics\\Anaconda39-64\\InstallPath]
@="C:\\\\Users\\\\ana\\\\anaconda3"

[HKEY_LOCAL_MACHINE\\SOFTWARE\\Python\\PyLauncher\\InstallPath]
@="C:\\\\Windows\\\\"

[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]
"Ledger"="\\"C:\\\\Python312\\\\pythonw.exe\\" C:\\\\scripts\\\\watch.pyw --key geheim"
"OneDrive"="C:\\\\OneDrive.exe"

[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss\\{a1b2}]
"DistributionName"="Ubuntu"
"BasePath"="\\\\\\\\?\\\\C:\\\\Users\\\\ana\\\\wsl"
`;
const AGENT = `<?xml version="1.0"?><plist version="1.0"><dict>
<key>Label</key><string>com.example.ledger</string>
<key>ProgramArguments</key><array><string>/usr/bin/python3</string><string>/Users/ana/ledger &amp; co.py</string><string>--token</string><string>geheim</string></array>
<key>StartCalendarInterval</key><dict><key>Hour</key><integer>3</integer><key>Minute</key><integer>15</integer></dict>
<key>EnvironmentVariables</key><dict><key>KEY</key><string>geheim</string></dict>
</dict></plist>`;

let folder: string;
let tree: PlantedTree;
const short = (path: string) => path.replace(`${tree.root}/`, '');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-recorded-'));
  tree = new PlantedTree(join(folder, 'machine'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a recorded Windows tree', () => {
  it('shows registered interpreters, tasks, launchers and people’s scripts by their place', async () => {
    tree.file('Python312/python.exe', EXE);
    for (const name of ['os.py', 'site.py', 'abc.py']) tree.file(`Python312/Lib/${name}`, '');
    tree.file('Python312/Tools/demo.py', '');
    tree.file('registry/python.reg', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(REGISTRY, 'utf16le')]));
    tree.file(
      'Windows/System32/Tasks/Finance/Nightly',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TASK, 'utf16le')]),
    );
    const startup = 'Users/ana/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup';
    tree.file(`${startup}/begin.cmd`, 'python C:\\scripts\\begin.py\r\n');
    tree.file(`${startup}/own.pyw`, 'print(1)\n');
    tree.file('scripts/gl export.py', 'print(1)\n');
    tree.file('Users/ana/OneDrive/Desktop/quick.py', 'print(1)\n');
    tree.file('Users/ana/AppData/Local/tool/lib.py', 'print(1)\n');
    tree.file(
      'Users/ana/Desktop/start.bat',
      '@echo off\r\nrem python no.py\r\ncd C:\\scripts\r\n"C:\\Python312\\python.exe" run.py %1\r\n',
    );
    tree.file(
      'Users/ana/Desktop/go.vbs',
      'CreateObject("WScript.Shell").Run "pythonw ""C:\\scripts\\quiet.pyw""", 0\r\n',
    );
    const { inventory, coverage } = await scan({ systemRoot: tree.root, platform: windows });
    assert.deepEqual(
      inventory.interpreters.map(({ path, kind, version, problem }) => [short(path), kind, version, problem]),
      [
        ['Python312/python.exe', 'python-org', '3.12', undefined],
        ['C:\\Python312\\python.exe', 'pep514', '3.12.4', undefined],
        ['C:\\Users\\ana\\anaconda3\\python.exe', 'conda', undefined, 'is registered but its file is gone'],
      ],
    );
    assert.deepEqual(
      inventory.schedules.find(({ kind }) => kind === 'windows-task'),
      {
        source: tree.path('Windows/System32/Tasks/Finance/Nightly'),
        kind: 'windows-task',
        name: '/Finance/Nightly',
        when: 'calendar by day from 2026-01-05T02:30:00',
        user: 'CONTOSO\\ana',
        isEnabled: true,
        command: {
          program: 'C:\\Python312\\python.exe',
          script: 'C:\\scripts\\gl export.py',
          isInline: false,
          argumentCount: 2,
        },
      },
    );
    assert.deepEqual(
      inventory.schedules
        .filter(({ kind }) => kind !== 'windows-task')
        .map(({ kind, name, command }) => [kind, name, command.script && short(command.script)]),
      [
        ['autostart', 'begin.cmd', 'C:\\scripts\\begin.py'],
        ['autostart', 'own.pyw', `${startup}/own.pyw`],
        ['run-key', 'ledger', 'C:\\scripts\\watch.pyw'],
      ],
    );
    assert.deepEqual(inventory.references, [{ path: 'C:\\Users\\ana\\wsl', kind: 'wsl', name: 'Ubuntu' }]);
    assert.deepEqual(
      inventory.launchers.map(({ path, commands }) => [short(path), commands.map(({ script }) => script)]),
      [
        ['Users/ana/Desktop/go.vbs', ['C:\\scripts\\quiet.pyw']],
        ['Users/ana/Desktop/start.bat', ['C:\\scripts\\run.py']],
      ],
    );
    assert.deepEqual(
      inventory.scripts.map(({ path, place }) => [short(path), place.class, place.isPersonalCloud]),
      [
        ['Users/ana/OneDrive/Desktop/quick.py', 'sync-folder', true],
        ['scripts/gl export.py', 'other', undefined],
      ],
    );
    assert.ok(coverage.notes.some((note) => note.includes('recorded trees only')));
    assert.doesNotMatch(JSON.stringify(inventory), /geheim/);
  });
});

describe('a recorded macOS tree', () => {
  it('shows launch agents, framework Pythons and cloud folders', async () => {
    tree.file(
      'Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12',
      Buffer.concat([Buffer.from([0xcf, 0xfa, 0xed, 0xfe]), Buffer.alloc(64)]),
    );
    tree.file('Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/os.py', '');
    tree.file('Users/ana/Library/LaunchAgents/com.example.ledger.plist', AGENT);
    tree.file('Users/ana/Library/LaunchAgents/other.plist', 'bplist00xxxx');
    tree.file('Users/ana/Library/CloudStorage/OneDrive-Personal/pull.py', 'print(1)\n');
    const { inventory, coverage } = await scan({ systemRoot: tree.root, platform: macos });
    assert.deepEqual(
      inventory.interpreters.map(({ path, kind, version }) => [short(path), kind, version]),
      [['Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12', 'python-org', '3.12']],
    );
    assert.deepEqual(inventory.schedules, [
      {
        source: tree.path('Users/ana/Library/LaunchAgents/com.example.ledger.plist'),
        kind: 'launchd',
        name: 'com.example.ledger',
        when: 'Hour=3 Minute=15',
        user: 'ana',
        isEnabled: true,
        command: {
          program: '/usr/bin/python3',
          script: '/Users/ana/ledger & co.py',
          isInline: false,
          argumentCount: 2,
        },
      },
    ]);
    assert.deepEqual(
      inventory.scripts.map(({ path, place }) => [short(path), place.label, place.isPersonalCloud]),
      [['Users/ana/Library/CloudStorage/OneDrive-Personal/pull.py', 'OneDrive (personal)', true]],
    );
    assert.ok(coverage.notes.includes('1 binary property lists of launchd were not read'));
    assert.doesNotMatch(JSON.stringify(inventory), /geheim/);
  });
});
