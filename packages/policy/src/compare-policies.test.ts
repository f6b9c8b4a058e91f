import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindWaiver, waivedPart } from './bind-waiver.ts';
import { comparePolicies, type PolicyText } from './compare-policies.ts';
import { makeEvaluator } from './evaluate.ts';
import { readPolicy } from './read-policy.ts';

const OLD = `id: data
version: 1
title: Data
mode: enforce
statements:
  - { id: read, activity: file.open, effect: warn, when: 'file.path.startsWith("/hr/")', explain: x, waiver: { by: [script.sha256, user.name], max_days: 60 } }
  - { id: write, activity: file.change, effect: block, explain: x }
  - { id: hard, activity: file.open, effect: block, floor: true, when: 'file.path == "/etc/shadow"', explain: x }
  - { id: gone, activity: file.open, effect: observe, explain: x }
  - { id: same, activity: file.open, effect: observe, explain: x }
`;
const NEW = OLD.replace('version: 1', 'version: 2')
  .replace('effect: warn', 'effect: block')
  .replace('effect: block, explain: x }\n  - { id: hard', 'effect: warn, explain: x }\n  - { id: hard')
  .replace('/etc/shadow', '/etc/gshadow')
  .replace('id: gone', 'id: came');

test('says what a new version changes in meaning: stricter, milder, another condition, come and gone', () => {
  const diff = comparePolicies(read(OLD), read(NEW));

  assert.deepEqual(diff.statements, [
    { id: 'read', change: 'stricter', fromEffect: 'warn', toEffect: 'block' },
    { id: 'write', change: 'milder', fromEffect: 'block', toEffect: 'warn' },
    { id: 'hard', change: 'condition', fromEffect: 'block', toEffect: 'block' },
    { id: 'came', change: 'added', toEffect: 'observe' },
    { id: 'gone', change: 'removed', fromEffect: 'observe' },
  ]);
  assert.equal(diff.lines.filter(({ kind }) => kind === 'added').length, 5);
  assert.deepEqual(
    comparePolicies(undefined, read(OLD)).lines.every(({ kind }) => kind === 'added'),
    true,
  );
  assert.deepEqual(comparePolicies(read(OLD), read(OLD)).statements, []);
});

test('binds a waiver to what the author allows, to exact values, and to nothing on a floor', () => {
  const source = readPolicy(OLD).source;
  assert.ok(source);
  const faults = [
    bindWaiver(source, 'nothing', { 'user.name': ['ann'] }),
    bindWaiver(source, 'hard', { 'script.sha256': ['a'] }),
    bindWaiver(source, 'read', {}),
    bindWaiver(source, 'read', { 'endpoint.id': ['x'] }),
    bindWaiver(source, 'write', { 'user.name': ['ann'] }),
  ].map(({ fault }) => fault);

  assert.deepEqual(faults, [
    'data has no statement nothing',
    'hard is a floor: nothing may lower it',
    'a waiver of read is bound to script.sha256 or user.name',
    'the author of read allows waivers by script.sha256 and user.name, not by endpoint.id',
    'the author of write allows waivers by script.sha256, not by user.name',
  ]);
  assert.deepEqual(bindWaiver(source, 'read', { 'user.name': ['bo', 'ann', 'bo'] }), {
    when: [[{ fact: 'user.name', operator: 'in', texts: ['ann', 'bo'] }]],
    maxDays: 60,
  });
});

test('makes a policy of just what a waiver lets through', () => {
  const { compiled } = read(OLD);
  const part = waivedPart(compiled, 'read', [[{ fact: 'user.name', operator: 'in', texts: ['ann'] }]]);
  assert.ok(part);
  const { evaluate } = makeEvaluator([part]);
  const hits = (facts: Record<string, string>) => evaluate('file.open', facts).matches.length;

  assert.equal(hits({ 'file.path': '/hr/a', 'user.name': 'ann' }), 1);
  assert.equal(hits({ 'file.path': '/hr/a', 'user.name': 'bo' }), 0);
  assert.equal(hits({ 'file.path': '/x', 'user.name': 'ann' }), 0);
  assert.equal(waivedPart(compiled, 'nothing', [[]]), undefined);
});

function read(source: string): PolicyText {
  const { compiled, faults } = readPolicy(source);
  assert.ok(compiled, JSON.stringify(faults));
  return { source, compiled };
}
