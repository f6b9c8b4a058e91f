import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPeopleCsv } from './read-people-csv.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');

test('reads a list with commas, quotes and a last day', () => {
  const { people, rejected } = readPeopleCsv(
    'userName,displayName,department,manager,accounts,lastDay\r\n' +
      'ann@corp.example,"Meyer, ""Ann""",Finance,bo,"CORP\\ann ann2",2026-11-13\r\n' +
      'bo@corp.example,Bo,Finance,,,\r\n',
    NOW,
  );

  assert.deepEqual(rejected, []);
  assert.deepEqual(people, [
    {
      userName: 'ann@corp.example',
      displayName: 'Meyer, "Ann"',
      department: 'Finance',
      manager: 'bo',
      accounts: ['CORP\\ann', 'ann2'],
      status: 'left',
      leftAtMs: Date.parse('2026-11-13T23:59:59.999Z'),
    },
    {
      userName: 'bo@corp.example',
      displayName: 'Bo',
      department: 'Finance',
      manager: undefined,
      accounts: undefined,
      status: 'active',
    },
  ]);
});

test('reads a German list with semicolons; somebody whose last day is to come is still here', () => {
  const { people } = readPeopleCsv('\uFEFFLogin;Name;Abteilung;Austritt\nclara;Clara;Einkauf;31.12.2026\n', NOW);

  assert.deepEqual(people, [
    {
      userName: 'clara',
      displayName: 'Clara',
      department: 'Einkauf',
      manager: undefined,
      accounts: undefined,
      status: 'active',
    },
  ]);
});

test('says nothing of who is here where the list has no such column', () => {
  const { people } = readPeopleCsv('login\nann\n', NOW);

  assert.equal('status' in (people[0] ?? {}), false);
});

test('names the lines that it cannot read, and goes on', () => {
  const { people, rejected } = readPeopleCsv(
    'login,status,leftAt\nann,gone fishing,\n,active,\nbo,active,2026-02-30\n\ncy,left,\n',
    NOW,
  );

  assert.deepEqual(
    people.map(({ userName, status }) => [userName, status]),
    [['cy', 'left']],
  );
  assert.deepEqual(rejected, [
    { line: 2, reason: 'the status "gone fishing" is neither active nor left' },
    { line: 3, reason: 'there is no user name' },
    { line: 4, reason: '"2026-02-30" is no date: write 2026-11-30 or 30.11.2026' },
  ]);
});

test('refuses a list that names nobody', () => {
  assert.throws(() => readPeopleCsv('colour,size\nred,3\n', NOW), /no column names people/);
});
