import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget, type Usage } from './budget.ts';

const MIB = 1024 * 1024;
const limits = { cpuShare: 0.1, memoryBytes: 200 * MIB, diskBytes: 1000 * MIB };
const quiet: Usage = { cpuShare: 0.002, memoryBytes: 100 * MIB, diskBytes: 10 * MIB };

test('leaves a quiet agent alone, and one with a short peak', () => {
  const budget = new Budget(limits);
  for (let round = 0; round < 50; round++)
    assert.equal(budget.judge(round % 20 === 10 ? { ...quiet, cpuShare: 0.9 } : quiet, true).kind, 'well');
});

test('gives up one feature after another while it takes too much, with time between', () => {
  const budget = new Budget(limits);
  const verdicts = Array.from({ length: 60 }, () => budget.judge({ ...quiet, cpuShare: 0.3 }, true));

  const given = verdicts.flatMap((verdict, round) => (verdict.kind === 'give-up' ? [round] : []));
  assert.deepEqual(given, [11, 23, 35, 47, 59]);
  assert.deepEqual(verdicts[11], { kind: 'give-up', reason: 'processor 30.0 % of one core, 10.0 % allowed' });
});

test('says which budget is broken', () => {
  const reasonOf = (usage: Usage) => {
    const budget = new Budget(limits);
    for (let round = 0; ; round++) {
      const verdict = budget.judge(usage, true);
      if (verdict.kind === 'give-up') return verdict.reason;
      assert.ok(round < 20);
    }
  };

  assert.equal(reasonOf({ ...quiet, memoryBytes: 240 * MIB }), 'memory 240 MiB, 200 MiB allowed');
  assert.equal(reasonOf({ ...quiet, diskBytes: 1200 * MIB }), 'disk 1200 MiB, 1000 MiB allowed');
});

test('takes a feature back after a calm time only', () => {
  const budget = new Budget(limits);
  for (let round = 0; round < 12; round++) budget.judge({ ...quiet, cpuShare: 0.3 }, true);
  const verdicts = Array.from({ length: 80 }, () => budget.judge(quiet, true).kind);

  assert.equal(verdicts.filter((kind) => kind === 'take-back').length, 1);
  assert.ok(verdicts.indexOf('take-back') >= 59);
});

test('asks for a new start only where nothing is left to give up and memory is far beyond', () => {
  const heavy = { ...quiet, memoryBytes: 400 * MIB };
  const rounds = (usage: Usage, canGiveUp: boolean) => {
    const budget = new Budget(limits);
    return new Set(Array.from({ length: 30 }, () => budget.judge(usage, canGiveUp).kind));
  };

  assert.deepEqual(rounds(heavy, true), new Set(['well', 'give-up']));
  assert.deepEqual(rounds(heavy, false), new Set(['well', 'restart']));
  assert.deepEqual(rounds({ ...quiet, cpuShare: 0.9 }, false), new Set(['well']));
});
