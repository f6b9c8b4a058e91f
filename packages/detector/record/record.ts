/**
 * Records the proofs of the run rules: runs small scripts for real under `sentinel run --json`, and writes the trimmed
 * reports beside the rules.
 *
 *     node packages/detector/record/record.ts --python PYTHON [--desktop PYTHON] [--sap FILE] [RULE...]
 *
 * Needs Linux and root (namespaces of its own, so that host names lead to servers in here and homes are empty), a Python with
 * requests and openpyxl and the demo's win32com, one with pynput and mss, Xvfb, and the SAP data of the demo.
 * Trimmed: imports of the standard library, files of the system. Replaced: paths of the interpreters, the account's name.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Analysis, type ObservedActivity, type Run, RunReport } from '@sentinel/protocol';
import {
  findSecretUses,
  JudgeContext,
  type JudgeContextInput,
  judgeRun,
  makeBaseline,
  runRules,
  summariseRun,
} from '../src/index.ts';
import type { RecordedCase, RecordedProof } from '../src/testing/recorded-proof.ts';
import { type Recipe, recipes } from './recipes.ts';
import { buildStage, startScreen, WORK } from './stage.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SENTINEL = join(ROOT, 'packages/cli/bin/sentinel.js');
const DESKTOP = new Set(['keylogger', 'press_keys', 'screenshots']);
/** Harmless scripts whose runs stand for everyday work. */
const ORDINARY = [
  'parcel_tracking',
  'tidy_spreadsheet',
  'chart',
  'rename_photos',
  'own_notes',
  'git_status',
  'import_requests',
  'download_data',
  'environment_login',
  'write_settings',
];

interface Recorded {
  readonly run: Run;
  readonly activities: readonly ObservedActivity[];
}

const { values, positionals } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    desktop: { type: 'string' },
    sap: { type: 'string' },
    inside: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (values.inside) await record();
else {
  const { status } = spawnSync(
    'unshare',
    ['--mount', '--net', '--uts', '--', process.execPath, import.meta.filename, '--inside', ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
}

async function record(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-record-'));
  buildStage(folder);
  const screen = startScreen();
  const made = new Map<string, Recorded>();
  const runOf = async (recipe: Recipe): Promise<Recorded> => {
    const key = JSON.stringify([recipe.script, recipe.env, recipe.hostName, recipe.isChild]);
    const known = made.get(key) ?? (await runScript(recipe, folder, screen.display));
    made.set(key, known);
    return known;
  };
  const histories = new Map<string, Recorded[]>();
  const historyOf = async ({ script }: Recipe): Promise<Recorded[]> => {
    const known = histories.get(script) ?? [];
    while (known.length < 8) known.push(await runScript({ script }, folder, screen.display));
    histories.set(script, known);
    return known;
  };
  const wanted = positionals.length === 0 ? Object.keys(recipes) : positionals;
  for (const rule of wanted) {
    const recipe = recipes[rule];
    if (recipe === undefined) continue;
    const cases: RecordedCase[] = [];
    for (const [raises, list] of [
      [true, recipe.raises],
      [false, recipe.silent],
    ] as const) {
      for (const one of list) {
        const { run, activities } = await runOf(one);
        const context = await contextOf(one, run, historyOf);
        const found = judgeRun(
          run,
          activities,
          JudgeContext.parse(context),
          runRules.filter(({ id }) => id === rule),
        ).findings;
        process.stdout.write(
          `${rule} ${raises ? 'must' : 'must not'} ${one.script}: ${found.map(({ title }) => title).join(' | ') || '-'}\n`,
        );
        cases.push({
          script: `${one.script}.py`,
          raises,
          context,
          run,
          activities: [...activities],
          findings: [...found],
        });
      }
    }
    write(join(ROOT, 'packages/detector/src/rules', `${rule}.json`), { rule, cases });
  }
  if (positionals.length === 0 || positionals.includes('ordinary')) {
    const cases: RecordedCase[] = [];
    for (const script of ORDINARY) {
      const { run, activities } = await runOf({ script });
      const context = await contextOf({ script, isAnalysed: true }, run, historyOf);
      const { findings } = judgeRun(run, activities, JudgeContext.parse(context));
      process.stdout.write(`ordinary ${script}: ${findings.map(({ title }) => title).join(' | ') || '-'}\n`);
      cases.push({
        script: `${script}.py`,
        raises: false,
        context,
        run,
        activities: [...activities],
        findings: [...findings],
      });
    }
    write(join(ROOT, 'packages/detector/src/scenarios/ordinary.json'), { rule: 'ordinary', cases });
  }
  screen.stop();
  process.exit(0);
}

function write(path: string, proof: RecordedProof): void {
  writeFileSync(path, `${JSON.stringify(proof, null, 2)}\n`);
}

async function runScript(recipe: Recipe, folder: string, display: string): Promise<Recorded> {
  spawnSync('hostname', [recipe.hostName ?? 'endpoint-1']);
  const report = join(folder, 'report.json');
  const python = DESKTOP.has(recipe.script) ? (values.desktop ?? values.python) : values.python;
  await promisify(execFile)(
    process.execPath,
    [
      SENTINEL,
      'run',
      '--json',
      '--data',
      join(folder, 'data'),
      '--report',
      report,
      '--',
      python,
      `${WORK}/${recipe.script}.py`,
    ],
    {
      cwd: WORK,
      env: {
        ...process.env,
        HOME: '/home/ada',
        DISPLAY: display,
        PYTHONPATH: '',
        SENTINEL_DEMO_SAP_DATABASE: values.sap ?? '',
        ...recipe.env,
      },
    },
  ).catch((error: unknown) => process.stderr.write(`${recipe.script}: ${String(error)}\n`));
  const parsed = RunReport.parse(JSON.parse(readFileSync(report, 'utf8')));
  const found = recipe.isChild === true ? parsed.children[0] : parsed;
  if (found?.run == null) throw new Error(`${recipe.script} was not observed`);
  return { run: trimRun(found.run), activities: trimActivities(found.activities) };
}

async function contextOf(
  recipe: Recipe,
  run: Run,
  historyOf: (recipe: Recipe) => Promise<Recorded[]>,
): Promise<JudgeContextInput> {
  const context: JudgeContextInput = { ...recipe.context };
  if (recipe.history !== undefined) {
    const { runs, shiftMinutes = 0 } = recipe.history;
    const earlier = (await historyOf(recipe)).slice(0, runs).map((one) => summariseRun(one.run, one.activities));
    context.baseline = makeBaseline(
      earlier.map((summary) => ({
        ...summary,
        startedAt: new Date(Date.parse(summary.startedAt) + shiftMinutes * 60_000).toISOString(),
      })),
    );
  }
  if (recipe.isAnalysed === true && run.script.path !== undefined) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      SENTINEL,
      'analyse',
      '--json',
      '--fail-on',
      'never',
      run.script.path,
    ]);
    const { weaknesses: _weaknesses, packs: _packs, ...analysis } = Analysis.parse(JSON.parse(stdout));
    context.analysis = { ...analysis, weaknesses: [] };
    context.secretUses = findSecretUses(readFileSync(run.script.path, 'utf8'), analysis.secrets);
  }
  return context;
}

function trimRun(run: Run): Run {
  return {
    ...run,
    interpreter: { ...run.interpreter, path: '/usr/bin/python3', basePrefix: '/usr' },
    environment: { prefix: '/home/ada/venv', kind: 'virtual' },
    user: { name: 'ada', id: 1000 },
  };
}

function trimActivities(activities: readonly ObservedActivity[]): ObservedActivity[] {
  return activities
    .filter(({ type, attributes }) => {
      if (type === 'module.import') return attributes['sentinel.module.kind'] === 'distribution';
      const path = String(attributes['file.path'] ?? '');
      return !(
        (attributes['sentinel.file.place'] === 'system' && attributes['sentinel.file.operation'] === 'read') ||
        path.includes('/site-packages/') ||
        path.includes('/lib/python3')
      );
    })
    .map((activity) => ({
      ...activity,
      attributes: Object.fromEntries(
        Object.entries(activity.attributes).map(([name, value]) => [
          name,
          typeof value === 'string' ? neutralPath(value) : value,
        ]),
      ),
    }));
}

/** Paths of this computer's interpreters, as they would be elsewhere. */
function neutralPath(text: string): string {
  const at = text.indexOf('/lib/python3');
  if (text.startsWith('/') && at > 0 && !text.startsWith('/usr/')) return `/home/ada/venv${text.slice(at)}`;
  return /^\/.*\/bin\/python[\d.]*$/.test(text) && !text.startsWith('/usr/') ? '/home/ada/venv/bin/python' : text;
}
