import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PiiFound } from '@sentinel/protocol';
import { readSample, tableOf } from './read-sample.ts';

test('a table tells its kinds by names and by cells, without any value', () => {
  const table = tableOf(
    'Kunde;Mail;Telefon;IBAN;Menge\n"M; A";a@example.org;089 1234567;DE89370400440532013000;3\nB;b@example.org;030 7654321;DE89370400440532013000;4\n',
  );
  const found = readSample(table ?? {});
  assert.deepEqual(found, [
    { kind: 'email', ground: 'content', count: 2, columns: ['Mail'] },
    { kind: 'iban', ground: 'both', count: 2, columns: ['IBAN'] },
    { kind: 'phone', ground: 'both', count: 2, columns: ['Telefon'] },
  ]);
  assert.doesNotThrow(() => found.map((one) => PiiFound.parse(one)));
  assert.ok(!JSON.stringify(found).includes('example.org'));
});

test('names alone tell kinds where no content may be looked at', () => {
  assert.deepEqual(readSample({ columns: ['PERNR', 'GBDAT', 'MENGE'] }), [
    { kind: 'birth-date', ground: 'column-name', count: 0, columns: ['GBDAT'] },
    { kind: 'employee', ground: 'column-name', count: 0, columns: ['PERNR'] },
  ]);
});

test('text is counted by kind', () => {
  assert.deepEqual(readSample({ text: 'Write to a@example.org or b@example.org.' }), [
    { kind: 'email', ground: 'content', count: 2, columns: [] },
  ]);
});

test('prose is no table', () => {
  assert.equal(tableOf('Dear all, this is a letter.\nIt has no columns\nand goes on\n'), undefined);
});
