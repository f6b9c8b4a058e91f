import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LeaverReport } from '@sentinel/protocol';
import { type Browser, chromium, type Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCRIPTS = ['sap_gl_export.py', 'invoice_entry.py', 'patient_export_clean.py', 'summarise_complaints.py'];
/** Rules that each script raises on the server: what the design lists, and the credential that stands in the fourth script. */
const FINDINGS = {
  'invoice_entry.py': [
    'database-direct-write',
    'hardcoded-credential',
    'hardcoded-credential-used',
    'owner-unknown',
    'sensitive-file-read',
  ],
  'patient_export_clean.py': ['bulk-read', 'sensitive-copy-left', 'vulnerable-package-imported'],
  'sap_gl_export.py': [
    'bulk-read',
    'run-outside-hours',
    'sap-gui-automation',
    'script-unreviewed',
    'sensitive-data-to-personal-cloud',
  ],
  'summarise_complaints.py': [
    'hardcoded-credential',
    'hardcoded-credential-used',
    'llm-provider-unapproved',
    'personal-data-in-prompt',
    'secret-in-prompt',
  ],
};
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const LEAVERS_SCRIPT = 'bank_reconciliation.py';

interface UpEvent {
  readonly kind: string;
  readonly url?: string;
  readonly signInUrl?: string;
  readonly text?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'sentinel-up-'));
const data = join(folder, 'data');
const screenshots = process.env['SENTINEL_SCREENSHOTS'];
let up: ChildProcess;
let browser: Browser;
let page: Page;
let events: UpEvent[] = [];

/** Starts `npm start` as a person would, with JSON events so that the test can read them. */
function start(...options: string[]): void {
  events = [];
  up = spawn('npm', ['start', '--silent', '--', '--data', data, '--port', '0', '--json', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let rest = '';
  up.stdout?.on('data', (chunk: Buffer) => {
    rest += chunk.toString();
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) events.push(JSON.parse(line) as UpEvent);
  });
}

function event(kind: string): UpEvent {
  const found = events.find((candidate) => candidate.kind === kind);
  assert.ok(found, `no ${kind} event among ${JSON.stringify(events)}`);
  return found;
}

/** What a terminal does on Ctrl-C: the signal goes to the whole foreground group. npm itself ends by it. */
async function pressCtrlC(): Promise<void> {
  if (up.pid === undefined || up.exitCode !== null || up.signalCode !== null) return;
  process.kill(-up.pid, 'SIGINT');
  await once(up, 'exit');
  await eventually(15_000, () => event('stopped'));
}

/** Processes whose command line names the data folder. */
function processesOfDataFolder(): string[] {
  return globSync('/proc/[0-9]*/cmdline')
    .map((file) => {
      try {
        return readFileSync(file, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(data));
}

async function shoot(name: string): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

describe('npm start -- --demo', { timeout: 400_000 }, () => {
  before(async () => {
    browser = await chromium.launch({
      executablePath: process.env['SENTINEL_CHROMIUM'] ?? '/usr/bin/chromium',
      args: CHROMIUM_FLAGS,
    });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    start('--demo');
  });

  after(async () => {
    await browser?.close();
    await pressCtrlC();
    rmSync(folder, { recursive: true, force: true });
  });

  test('prints a one-time sign-in link that signs in', async () => {
    const { signInUrl } = await eventually(90_000, () => event('ready'));
    await page.goto(signInUrl ?? '');
    await page.getByRole('heading', { level: 1, name: /overview/i }).waitFor();
    assert.ok(!page.url().includes('token'), 'the token is gone from the address');
  });

  test('shows the runs of all four scripts', async () => {
    await eventually(240_000, () => assert.match(event('demo').text ?? '', /done/));
    await page.goto(`${event('ready').url}/runs`);
    for (const script of SCRIPTS) await page.getByRole('link', { name: script }).first().waitFor({ timeout: 60_000 });
    await shoot('demo-runs');
  });

  test('raises exactly the findings of the design for the four scripts, with evidence', async () => {
    const read = async (path: string) =>
      (await (await page.request.get(`${event('ready').url}/api/v1${path}`)).json()) as Record<string, unknown>;
    const findings = async () => {
      const { items } = (await read('/findings?state=all&limit=200')) as {
        items: { id: string; ruleId: string; scriptName: string }[];
      };
      const ofFour = items.filter(({ scriptName }) => SCRIPTS.includes(scriptName));
      return { items, ofFour, byScript: Object.groupBy(ofFour, ({ scriptName }) => scriptName) };
    };
    await eventually(120_000, async () => {
      const { byScript } = await findings();
      const rules = Object.entries(byScript).map(([script, found]) => [
        script,
        found?.map(({ ruleId }) => ruleId).sort(),
      ]);
      assert.deepEqual(Object.fromEntries(rules), FINDINGS);
    });
    for (const { id } of (await findings()).ofFour) {
      const { evidence } = (await read(`/findings/${id}`)) as { evidence: unknown[] };
      assert.ok(evidence.length > 0, id);
    }
    const board = (await read('/board/customer')) as { days30: { scripts: { count: number; list: string } } };
    assert.equal(board.days30.scripts.count, 1, 'only the patients are labelled as customers');
  });

  test('shows what the fifth person left behind, and restores her script so that it runs again', async () => {
    const api = `${event('ready').url}/api/v1`;
    const read = async (path: string) =>
      (await (await page.request.get(`${api}${path}`)).json()) as Record<string, unknown>;
    const report = await eventually(60_000, async () => {
      const { items } = (await read('/leavers')) as { items: { person: { id: string; userName: string } }[] };
      assert.deepEqual(
        items.map(({ person }) => person.userName),
        ['Treasury analyst'],
      );
      const found = (await read(`/leavers/${items[0]?.person.id}`)) as unknown as LeaverReport;
      assert.deepEqual(
        found.scripts.map(({ name, isOwner, isOnlyTheirs, isInVault, schedules }) => ({
          name,
          isOwner,
          isOnlyTheirs,
          isInVault,
          schedules: schedules.map(({ hostName, when }) => [hostName, when]),
        })),
        [
          {
            name: LEAVERS_SCRIPT,
            isOwner: true,
            isOnlyTheirs: true,
            isInVault: true,
            schedules: [['job-server', '30 4 * * 1-5']],
          },
        ],
      );
      return found;
    });
    const { items } = (await read('/findings?state=all&limit=200')) as {
      items: { ruleId: string; scriptName: string }[];
    };
    assert.deepEqual(
      items
        .filter(({ scriptName }) => scriptName === LEAVERS_SCRIPT)
        .map(({ ruleId }) => ruleId)
        .sort(),
      ['schedule-without-living-owner', 'script-without-living-owner'],
    );
    const answer = await page.request.post(`${api}/vault/${report.scripts[0]?.sha256}/restore`, {
      data: { reason: 'hand over' },
    });
    const { files } = (await answer.json()) as { files: { path: string; text: string }[] };
    const restored = mkdtempSync(join(tmpdir(), 'sentinel-restored-'));
    try {
      for (const { path, text } of files) writeFileSync(join(restored, path), text);
      const home = join(data, 'demo', 'people', 'treasury');
      copyFileSync(join(home, 'settings.ini'), join(restored, 'settings.ini'));
      const out = execFileSync(join(data, 'demo', 'python', 'bin', 'python'), [join(restored, LEAVERS_SCRIPT)], {
        encoding: 'utf8',
      });
      assert.match(out, /^800 payments: \d+ missing, \d+ with another amount$/m);
    } finally {
      rmSync(restored, { recursive: true, force: true });
    }
  });

  for (const [script, ...expected] of [
    [
      'sap_gl_export.py',
      /openpyxl\t\d+\.\d/,
      /OneDrive - Personal\S* ?\S*\/GL.*\.xlsx\twrite\t[^\n]*\d+ kB/,
      /SELECT\t\S+\t15,000/,
    ],
    ['invoice_entry.py', /requests\t\d+\.\d/, /127\.0\.0\.1:\d+\thttp POST\t\S+\t200\t\d+\t[1-9]/, /INSERT\t/],
    [
      'patient_export_clean.py',
      /pandas\t\d+\.\d/,
      /patients_clean\.csv\twrite\t[^\n]*\d+ MB/,
      /SELECT\tpatients\t2,400,000/,
    ],
    ['summarise_complaints.py', /openai\t\d+\.\d/, /http POST\t\/v1\/chat\/completions\t200/, /summary\.md\twrite/],
  ] as const) {
    test(`shows what ${script} did`, async () => {
      await page.goto(`${event('ready').url}/runs?q=${script}`);
      await page.getByRole('link', { name: script }).first().click();
      await page.getByRole('heading', { level: 1, name: script }).waitFor();
      const facts = [
        /Machine\n\S/,
        /User\n\S/,
        /Interpreter\ncpython 3\.\d/,
        /Duration\n\d/,
        /CPU time.*\n\d/,
        /Peak memory\n\d+ MB/,
      ];
      await eventually(60_000, async () => {
        const text = await page.locator('main').innerText();
        for (const fact of [...facts, ...expected]) assert.match(text, fact);
      });
      await shoot(`demo-run-${script.replace('.py', '')}`);
    });
  }

  test('shows overview, scripts, one script and machines', async () => {
    const url = event('ready').url ?? '';
    for (const [path, name] of [
      ['/', 'overview'],
      ['/scripts', 'scripts'],
      ['/machines', 'machines'],
    ] as const) {
      await page.goto(`${url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await shoot(`demo-${name}`);
    }
    await page.goto(`${url}/scripts`);
    await page.getByRole('link', { name: 'patient_export_clean.py' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'patient_export_clean.py' }).waitFor();
    await shoot('demo-script');
  });

  test('stops cleanly on Ctrl-C, writes only below its data folder, and keeps the data for the next start', async () => {
    await pressCtrlC();
    assert.deepEqual(processesOfDataFolder(), []);
    assert.deepEqual(readdirSync(folder), ['data']);
    start();
    const { signInUrl, url } = await eventually(60_000, () => event('ready'));
    await page.goto(signInUrl ?? '');
    await page.getByRole('heading', { level: 1, name: /overview/i }).waitFor();
    await page.goto(`${url}/runs`);
    for (const script of SCRIPTS) await page.getByRole('link', { name: script }).first().waitFor({ timeout: 60_000 });
    await pressCtrlC();
    assert.deepEqual(processesOfDataFolder(), []);
  });
});
