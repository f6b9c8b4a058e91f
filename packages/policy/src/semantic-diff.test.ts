import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptSummary } from '@sentinel/protocol';
import { semanticDiff } from './semantic-diff.ts';

const older: ScriptSummary = {
  familyHash: 'f'.repeat(32),
  imports: ['csv', 'requests'],
  capabilities: ['network.http'],
  calls: ['requests.get'],
  hosts: ['api.example.com'],
  tables: [],
  files: ['/data/in.csv'],
  packages: ['requests'],
  flows: [],
  secrets: 0,
  isWhole: true,
};

test('carries an approval over where the syntax is the same and nothing new is reached', () => {
  assert.deepEqual(semanticDiff(older, { ...older, files: [] }), {
    added: [],
    removed: [{ part: 'files', names: ['/data/in.csv'] }],
    hasNewSecrets: false,
    isSameSyntax: true,
    carriesOver: true,
  });
});

test('names what is new, and carries nothing over then', () => {
  const newer = { ...older, hosts: ['api.example.com', 'drop.example.net'], imports: ['csv', 'ftplib', 'requests'] };

  assert.deepEqual(semanticDiff(older, newer), {
    added: [
      { part: 'imports', names: ['ftplib'] },
      { part: 'hosts', names: ['drop.example.net'] },
    ],
    removed: [],
    hasNewSecrets: false,
    isSameSyntax: true,
    carriesOver: false,
  });
});

test('carries nothing over where the syntax differs or is not known, a secret came in, or analysis was not whole', () => {
  const { familyHash: _hash, ...unknown } = older;
  const others: ScriptSummary[] = [
    { ...older, familyHash: 'e'.repeat(32) },
    unknown,
    { ...older, secrets: 1 },
    { ...older, isWhole: false },
  ];
  for (const newer of others) assert.equal(semanticDiff(older, newer).carriesOver, false, JSON.stringify(newer));
  assert.equal(semanticDiff(unknown, unknown).carriesOver, false);
});
