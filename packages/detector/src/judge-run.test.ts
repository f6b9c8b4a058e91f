import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { JudgeContext } from './context/judge-context.ts';
import { foldSubject } from './fingerprint.ts';
import { judgeRun } from './judge-run.ts';
import { readProofs } from './testing/recorded-proof.ts';

const [recorded] = readProofs(join(import.meta.dirname, 'rules')).get('sensitive-copy-left')?.cases ?? [];
assert.ok(recorded !== undefined);
const { run, activities, context } = recorded;

it('gives the same findings with the same ids when a run is judged again', () => {
  const first = judgeRun(run, activities, JudgeContext.parse(context));

  assert.ok(first.findings.length > 0);
  assert.deepEqual(judgeRun(run, activities, JudgeContext.parse(context)), first);
});

it('keeps the fingerprint over runs and versions of a script, and changes the id', () => {
  const later = {
    ...run,
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    script: { ...run.script, sha256: 'a'.repeat(64) },
  };

  const [before] = judgeRun(run, activities, JudgeContext.parse(context)).findings;
  const [after] = judgeRun(later, activities, JudgeContext.parse(context)).findings;

  assert.match(before?.fingerprint ?? '', /^v1:[0-9a-f]{32}$/);
  assert.equal(after?.fingerprint, before?.fingerprint);
  assert.notEqual(after?.id, before?.id);
});

it('sets an approved finding aside until its last day, and not longer', () => {
  const approval = {
    ruleId: 'sensitive-copy-left',
    approvedBy: 'ben',
    reason: 'agreed',
    until: run.startedAt.slice(0, 10),
  };
  const judge = (until: string) =>
    judgeRun(run, activities, JudgeContext.parse({ ...context, approvals: [{ ...approval, until }] }));

  const held = judge(approval.until);
  const over = judge('2020-01-01');

  assert.deepEqual(
    held.approved.map(({ finding }) => finding.ruleId),
    ['sensitive-copy-left'],
  );
  assert.ok(held.findings.every(({ ruleId }) => ruleId !== 'sensitive-copy-left'));
  assert.ok(over.findings.some(({ ruleId }) => ruleId === 'sensitive-copy-left'));
});

it('hands the labels of what was read to what was written', () => {
  const { fileLabels } = judgeRun(run, activities, JudgeContext.parse(context));

  assert.deepEqual(fileLabels, { '/home/ada/scripts/customers.csv': ['customer', 'email'] });
});

it('states a rule that fails and goes on', () => {
  const rule = {
    id: 'broken',
    title: 'Broken',
    severity: 'low' as const,
    confidence: 'low' as const,
    techniques: [],
    controls: [],
    misses: '',
    references: [],
    find: () => {
      throw new Error('no');
    },
  };

  assert.deepEqual(judgeRun(run, activities, JudgeContext.parse(context), [rule]).failures, ['broken: no']);
});

it('folds what changes from run to run out of a subject', () => {
  assert.equal(foldSubject('C:\\Exports\\GL_20261120'), 'c:/exports/gl_#');
  assert.equal(foldSubject('/tmp/tmpk3_x9/out'), '/tmp/#/out');
  assert.equal(foldSubject('10.0.2000.1'), '10.0.2000.1');
});
