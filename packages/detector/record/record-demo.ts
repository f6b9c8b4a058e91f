/**
 * Records the demo's scripts for the test of what they must raise: takes the reports that `sentinel demo` left.
 *
 *     sentinel demo --data DATA --patients 20000 && node packages/detector/record/record-demo.ts DATA [NAME...]
 *
 * With names only those are recorded anew.
 *
 * Replaced: the data folder, the account's name, paths of the interpreter. Left out: imports of the standard library.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analysis, RunReport } from '@sentinel/protocol';
import { findSecretUses, JudgeContext, type JudgeContextInput, judgeRun } from '../src/index.ts';
import type { RecordedCase } from '../src/testing/recorded-proof.ts';

const SENTINEL = join(import.meta.dirname, '../../cli/bin/sentinel.js');
const data = process.argv[2] ?? '';
const reports = join(data, 'demo', 'reports');

const ALL = ['finance', 'accounts-payable', 'clinical', 'marketing', 'treasury'];
const wanted = process.argv.length > 3 ? process.argv.slice(3) : ALL;
const file = join(import.meta.dirname, '../src/scenarios/demo.json');

const recorded = wanted.map((name): RecordedCase => {
  const path = RunReport.parse(JSON.parse(readFileSync(join(reports, `${name}.json`), 'utf8'))).run?.script.path ?? '';
  const { stdout } = spawnSync(process.execPath, [SENTINEL, 'analyse', '--json', '--fail-on', 'never', path]);
  const { weaknesses: _weaknesses, packs: _packs, ...analysis } = Analysis.parse(JSON.parse(stdout.toString()));
  const given = JSON.parse(readFileSync(join(reports, `${name}.context.json`), 'utf8')) as JudgeContextInput;
  const context: JudgeContextInput = {
    ...given,
    analysis: { ...analysis, weaknesses: [] },
    secretUses: findSecretUses(readFileSync(path, 'utf8'), analysis.secrets),
  };
  const neutral = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll(data, '/home/ada/.local/share/sentinel')) as T;
  const report = neutral(RunReport.parse(JSON.parse(readFileSync(join(reports, `${name}.json`), 'utf8'))));
  if (report.run === null) throw new Error(`${name} was not observed`);
  const run = {
    ...report.run,
    hostName: 'endpoint-1',
    user: { name: 'ada', id: 1000 },
    interpreter: { ...report.run.interpreter, path: '/usr/bin/python3', basePrefix: '/usr' },
  };
  const activities = report.activities.filter(
    ({ type, attributes }) => type !== 'module.import' || attributes['sentinel.module.kind'] === 'distribution',
  );
  const neutralContext = neutral(context);
  const { findings } = judgeRun(run, activities, JudgeContext.parse(neutralContext));
  process.stdout.write(
    `${name}: ${activities.length} activities, ${findings.map(({ ruleId }) => ruleId).join(', ')}\n`,
  );
  return { script: `${name}.py`, raises: true, context: neutralContext, run, activities, findings: [...findings] };
});
const known = (JSON.parse(readFileSync(file, 'utf8')) as { cases: RecordedCase[] }).cases;
const cases = ALL.flatMap((name) => {
  const found = [...recorded, ...known].find(({ script }) => script === `${name}.py`);
  return found === undefined ? [] : [found];
});
writeFileSync(file, `${JSON.stringify({ rule: 'demo', cases }, null, 2)}\n`);
