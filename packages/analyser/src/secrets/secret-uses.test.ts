import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { analyseLoaded, loadAnalyser } from '../analyse.ts';

before(loadAnalyser);

/** Calls that the credentials of a source go to: name, first line, and whether they are given the value. */
function usesOf(lines: readonly string[]): [string, number, boolean][][] {
  const { secrets } = analyseLoaded(Buffer.from(`${lines.join('\n')}\n`), { path: 'a.py' });
  return secrets
    .filter(({ tier }) => tier !== 'info')
    .map(({ uses = [] }) => uses.map(({ call, place, isDirect }) => [call, place.line, isDirect]));
}

describe('where a credential goes', () => {
  it('is the call that is given it, and the calls of what that made', () => {
    assert.deepEqual(
      usesOf([
        'import oracledb',
        "PASSWORD = 'Sommer2024!gelb'",
        "db = oracledb.connect(user='ap', password=PASSWORD)",
        'cursor = db.cursor()',
        "cursor.execute('update vendors set iban = :1', ['x'])",
        "print('done')",
      ]),
      [
        [
          ['oracledb.connect', 3, true],
          ['oracledb.connect.cursor', 4, false],
          ['oracledb.connect.cursor.execute', 5, false],
        ],
      ],
    );
  });

  it('is followed through functions, texts and mappings, not through names', () => {
    assert.deepEqual(
      usesOf([
        'import requests',
        "API_KEY = 'q8Zr4TxV1mNw7KpL2sYd9BhC'",
        'def headers(token):',
        "    return {'Authorization': f'Bearer {token}'}",
        'def other(API_KEY):',
        '    return len(API_KEY)',
        "requests.get('https://api.example.com', headers=headers(API_KEY))",
        "other('nothing')",
      ]),
      [[['requests.get', 7, true]]],
    );
  });

  it('is told where the literal itself is the argument, with every line of the call', () => {
    const source = [
      'import smtplib',
      "s = smtplib.SMTP('mail')",
      's.login(',
      "    'bot',",
      "    'Sommer2024!gelb',",
      ')',
    ];
    const { secrets } = analyseLoaded(Buffer.from(`${source.join('\n')}\n`), { path: 'a.py' });
    assert.deepEqual(secrets[0]?.uses, [
      { call: 'smtplib.SMTP.login', place: { line: 3, endLine: 6 }, isDirect: true },
    ]);
  });

  it('is nowhere for a value that nothing uses, and the analysis never holds the value', () => {
    const source = "PASSWORD = 'Sommer2024!gelb'\nprint('hello')\n";
    const analysis = analyseLoaded(Buffer.from(source), { path: 'a.py' });
    assert.equal(analysis.secrets[0]?.uses, undefined);
    assert.doesNotMatch(JSON.stringify(analysis), /Sommer2024/);
  });
});
