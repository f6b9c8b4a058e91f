/**
 * Records runs of ordinary, harmless scripts, judges them as a company would, and writes the table of what was found.
 *
 *     node packages/detector/record/record-everyday.ts --python PYTHON
 *
 * With `--judge-again` the recorded runs are judged by the rules of now, and nothing is run. Else it needs Linux and root (namespaces of its own, so that host names lead to servers in here and homes are empty) and a Python with
 * pandas, numpy, openpyxl and requests. Every script runs twice; the second run is judged with eight such runs before it, so
 * that the rules that compare with earlier runs speak as well. Writes src/scenarios/everyday.json.gz and docs/ordinary-runs.md.
 */
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Analysis, type Attributes, type ObservedActivity, type Run, RunReport } from '@sentinel/protocol';
import {
  findSecretUses,
  JudgeContext,
  type JudgeContextInput,
  judgeRun,
  makeBaseline,
  runRules,
  summariseRun,
} from '../src/index.ts';
import { type RecordedCase, readPackedProof } from '../src/testing/recorded-proof.ts';
import { buildStage, WORK } from './stage.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SENTINEL = join(ROOT, 'packages/cli/bin/sentinel.js');
const SCRIPTS = join(import.meta.dirname, 'everyday');
const PACKED = join(import.meta.dirname, '../src/scenarios/everyday.json.gz');
const EARLIER_RUNS = 8;

/** What a company with labels, hours, approvals and lists knows. */
const COMPANY: JudgeContextInput = {
  labels: [
    {
      kind: 'path',
      match: '/mnt/share/hr/**',
      labels: ['personal', 'financial'],
      name: 'the HR share',
      place: 'share',
    },
    { kind: 'table', match: 'customers', labels: ['customer'], name: 'the customer table' },
    { kind: 'table', match: 'salaries', labels: ['financial'] },
    { kind: 'database', match: '**/crm*.sqlite', labels: ['customer'] },
    { kind: 'column', match: 'iban', labels: ['financial'] },
  ],
  businessSystems: [{ match: '**/erp.sqlite', name: 'the ERP' }],
  ai: { approved: ['azure.ai.openai'], isLocalApproved: false },
  mailDomains: ['corp.example'],
  script: { sanction: 'unreviewed' },
};

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    inside: { type: 'boolean', default: false },
    'judge-again': { type: 'boolean', default: false },
  },
});

if (values['judge-again']) judgeAgain();
else if (values.inside) await record();
else {
  const { status } = spawnSync(
    'unshare',
    ['--mount', '--net', '--uts', '--', process.execPath, import.meta.filename, '--inside', ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
}

async function record(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-everyday-'));
  buildStage(folder);
  spawnSync('hostname', ['endpoint-1']);
  cpSync(SCRIPTS, WORK, { recursive: true });
  const cases: RecordedCase[] = [];
  for (const script of readdirSync(SCRIPTS).sort()) {
    const first = await runScript(script, folder);
    const { run, activities, exitCode } = await runScript(script, folder);
    const source = readFileSync(join(WORK, script), 'utf8');
    const analysis = await analyse(join(WORK, script));
    const summary = summariseRun(first.run, first.activities);
    const context: JudgeContextInput = {
      ...COMPANY,
      calendar: { timeZone: dayZone(new Date(run.startedAt)), days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      analysis,
      secretUses: findSecretUses(
        source,
        analysis.secrets.filter(({ tier }) => tier !== 'info'),
      ),
      baseline: makeBaseline(Array.from({ length: EARLIER_RUNS }, () => ({ ...summary, startedAt: run.startedAt }))),
    };
    const { findings, failures } = judgeRun(run, activities, JudgeContext.parse(context));
    if (failures.length > 0) throw new Error(`${script}: ${failures.join('; ')}`);
    process.stdout.write(
      `${script} exit ${exitCode}, ${activities.length} activities: ${findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`).join(', ') || '-'}\n`,
    );
    if (exitCode !== 0) throw new Error(`${script} failed`);
    cases.push({ script, raises: false, context, run, activities: [...activities], findings: [...findings] });
  }
  write(cases);
  process.exit(0);
}

function judgeAgain(): void {
  const { cases } = readPackedProof(PACKED);
  write(
    cases.map((one) => ({
      ...one,
      findings: [...judgeRun(one.run, one.activities, JudgeContext.parse(one.context)).findings],
    })),
  );
}

function write(cases: readonly RecordedCase[]): void {
  writeFileSync(PACKED, gzipSync(JSON.stringify({ rule: 'everyday', cases }), { level: 9 }));
  const lines = cases.map(({ script, activities, findings }) => {
    const [, what = ''] = /^"""(.*)"""/.exec(readFileSync(join(SCRIPTS, script), 'utf8')) ?? [];
    const said = findings
      .map(({ severity, title }) => `${severity}: ${title.replaceAll('|', String.raw`\|`)}`)
      .join('<br>');
    return `| \`${script}\` | ${what.replace(/\.$/, '')} | ${activities.length} | ${said || 'nothing'} |`;
  });
  writeFileSync(join(ROOT, 'docs/ordinary-runs.md'), page(lines, cases));
}

function page(lines: readonly string[], cases: readonly RecordedCase[]): string {
  const seen = cases.reduce((sum, { activities }) => sum + activities.length, 0);
  const found = cases.flatMap(({ findings }) => findings);
  const above = found.filter(({ severity }) => severity !== 'low').length;
  return `# What rules say of ordinary scripts

${cases.length} small harmless scripts of everyday work, written for this purpose (\`packages/detector/record/everyday\`), each run for real
under the probe and judged with all ${runRules.length} rules as a company with labels, hours, an empty list of approved scripts and eight
earlier runs of each script would judge it: ${seen.toLocaleString('en-US')} activities, ${found.length} findings, ${above} above low. Files of the
interpreter and imports of the standard library are left out of the counts.

Made by \`node packages/detector/record/record-everyday.ts --python PYTHON\`; the recorded runs stand in
\`packages/detector/src/scenarios/everyday.json.gz\` and are judged again by \`rules.test.ts\`, which fails on anything above low.

| Script | What it does | Activities | Found |
|---|---|---|---|
${lines.join('\n')}
`;
}

async function runScript(
  script: string,
  folder: string,
): Promise<{ run: Run; activities: ObservedActivity[]; exitCode: number }> {
  const report = join(folder, 'report.json');
  let exitCode = 0;
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
      values.python,
      join(WORK, script),
    ],
    { cwd: WORK, env: { ...process.env, HOME: '/home/ada', PYTHONPATH: '' } },
  ).catch((error: { code?: number; stderr?: string }) => {
    exitCode = error.code ?? 1;
    process.stderr.write(`${script}: ${error.stderr ?? ''}\n`);
  });
  const { run, activities } = RunReport.parse(JSON.parse(readFileSync(report, 'utf8')));
  if (run === null) throw new Error(`${script} was not observed`);
  return { run: neutralRun(run), activities: activities.filter(isOwn).map(neutral), exitCode };
}

async function analyse(path: string): Promise<Analysis> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    SENTINEL,
    'analyse',
    '--json',
    '--fail-on',
    'never',
    path,
  ]);
  const { weaknesses: _weaknesses, packs: _packs, ...analysis } = Analysis.parse(JSON.parse(stdout));
  return { ...analysis, weaknesses: [] };
}

function neutralRun(run: Run): Run {
  return {
    ...run,
    interpreter: { ...run.interpreter, path: '/usr/bin/python3', basePrefix: '/usr' },
    environment: { prefix: '/home/ada/venv', kind: 'virtual' },
    user: { name: 'ada', id: 1000 },
  };
}

function isOwn({ type, attributes }: ObservedActivity): boolean {
  if (type === 'module.import') return attributes['sentinel.module.kind'] === 'distribution';
  const path = String(attributes['file.path'] ?? '');
  const isSystem = attributes['sentinel.file.place'] === 'system' && attributes['sentinel.file.operation'] === 'read';
  return !isSystem && !path.includes('/site-packages/') && !path.includes('/lib/python3');
}

function neutral(activity: ObservedActivity): ObservedActivity {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(activity.attributes)) {
    const at = typeof value === 'string' ? value.indexOf('/lib/python3') : -1;
    attributes[name] =
      typeof value === 'string' && value.startsWith('/') && at > 0 && !value.startsWith('/usr/')
        ? `/home/ada/venv${value.slice(at)}`
        : value;
  }
  return { ...activity, attributes };
}

/** A zone of the tz database in which it is about ten in the morning. In its names, west is plus. Source: tz, etcetera. */
function dayZone(now: Date): string {
  const west = (now.getUTCHours() - 10 + 24) % 24;
  if (west === 0) return 'UTC';
  return west <= 12 ? `Etc/GMT+${west}` : `Etc/GMT-${24 - west}`;
}
