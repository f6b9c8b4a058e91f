import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeZip } from '../archives/zip-for-tests.ts';
import { howToSample, SAMPLE_BYTES, sampleFile } from './sample-file.ts';

const IBAN = 'DE89370400440532013000';
/** Kind, ground, values and columns. */
const told = (name: string, content: string | Buffer) =>
  sampleFile(name, Buffer.from(content)).map(({ kind, ground, count, columnCount }) => [
    kind,
    ground,
    count,
    columnCount,
  ]);

test('a table gives kinds with values and columns, and no name of a column', () => {
  const kinds = sampleFile('a.csv', Buffer.from(`KUNNR;Konto IBAN;Menge\nA;${IBAN};1\nB;${IBAN};2\n`));
  assert.deepEqual(kinds, [
    { kind: 'customer', ground: 'column-name', count: 0, columnCount: 1 },
    { kind: 'iban', ground: 'both', count: 2, columnCount: 1 },
  ]);
  assert.doesNotMatch(JSON.stringify(kinds), /Konto|DE89/);
});

test('a table without a header has no names, and its first row counts', () => {
  assert.deepEqual(told('a.csv', `a@example.org,${IBAN}\nb@example.org,${IBAN}\n`), [
    ['email', 'content', 2, 0],
    ['iban', 'content', 2, 0],
  ]);
});

test('keys of JSON are columns, lines of it as well', () => {
  assert.deepEqual(told('a.jsonl', `{"birth_date": "x", "amount": 1}\n{"birth_date": "y", "to": "${IBAN}"}\n`), [
    ['birth-date', 'column-name', 0, 1],
    ['iban', 'content', 1, 0],
  ]);
});

test('a workbook is read by its shared strings', () => {
  const strings = ['Geburtsdatum', 'Menge', 'a@example.org', 'R&amp;D'].map(
    (text) => `<si><t xml:space="preserve">${text}</t></si>`,
  );
  const bytes = makeZip({ 'xl/sharedStrings.xml': `<sst>${strings.join('')}</sst>`, 'xl/workbook.xml': '<x/>' });
  assert.deepEqual(told('Liste.XLSX', bytes), [
    ['birth-date', 'column-name', 0, 1],
    ['email', 'content', 1, 0],
  ]);
});

test('the last line of a beginning does not count: it may be cut', () => {
  const line = 'a@example.org\n';
  const text = `${line}${' '.repeat(SAMPLE_BYTES - line.length - 16)}\nb@example.orgxy`;
  assert.deepEqual([text.length, told('a.txt', text)], [SAMPLE_BYTES, [['email', 'content', 1, 0]]]);
});

test('what is no data file is not asked for, and what cannot be read says so', () => {
  assert.deepEqual(
    ['a.py', 'package.json', 'requirements-dev.txt', 'a.csv', 'b.xlsm', 'c.xls'].map(
      (name) => howToSample(name)?.isWhole,
    ),
    [undefined, undefined, undefined, false, true, undefined],
  );
  assert.throws(() => sampleFile('a.xlsx', Buffer.from('no archive')), /not a workbook/);
});

test('hostile data files are survived', () => {
  for (const [name, text] of [
    ['a.csv', ';'.repeat(60_000)],
    ['a.json', '"'.repeat(60_000)],
    ['a.json', '['.repeat(60_000)],
    ['a.txt', '\u0000\u0001'.repeat(100)],
  ] as const) {
    try {
      assert.ok(Array.isArray(sampleFile(name, Buffer.from(text))));
    } catch (error) {
      assert.ok(error instanceof Error);
    }
  }
});
