import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CompiledStatement } from '@sentinel/protocol';
import { readPolicy } from './read-policy.ts';

function file(statement: string, more = ''): string {
  return `id: demo\nversion: 1\ntitle: Demo\n${more}statements:\n  - id: one\n    explain: because\n${statement
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')}`;
}

function compiled(statement: string, more = ''): CompiledStatement {
  const read = readPolicy(file(statement, more));
  assert.deepEqual(read.faults, []);
  const found = read.compiled?.statements[0];
  assert.ok(found);
  return found;
}

function faultsOf(statement: string, more = ''): string[] {
  return readPolicy(file(statement, more)).faults.map(
    ({ line, key, message, hint }) => `${line} ${key}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

describe('a statement', () => {
  it('compiles to alternatives of questions, negation at the questions, lists sorted and without doubles', () => {
    const found = compiled(
      'activity: http.request\neffect: block\nwhen: \'!(server.address.under(list("ok")) || http.request.method in ["PUT", "GET", "GET"])\'',
      'lists: {ok: ["B.example.", "a.example"]}\n',
    );
    assert.deepEqual(found.when, [
      [
        {
          fact: 'server.address',
          operator: 'under',
          texts: ['a.example', 'b.example'],
          isFolded: true,
          isNegated: true,
        },
        { fact: 'http.request.method', operator: 'in', texts: ['GET', 'PUT'], isNegated: true },
      ],
    ]);
    assert.equal(found.isCacheable, true);
    assert.equal(found.phase, 'before');
  });

  it('asks the endpoint’s clock for hours, over midnight too', () => {
    const night = compiled(
      'activity: file.open\neffect: warn\nwhen: hours("night")',
      'calendars: {night: {days: [fri, sun], from: "22:00", to: "06:00"}}\n',
    );
    assert.deepEqual(
      night.when.map((tests) => tests.map(({ fact, operator, number }) => `${fact} ${operator} ${number}`)),
      [
        ['time.weekday eq 5', 'time.minute ge 1320'],
        ['time.weekday eq 7', 'time.minute ge 1320'],
        ['time.weekday eq 1', 'time.minute lt 360'],
        ['time.weekday eq 6', 'time.minute lt 360'],
      ],
    );
    assert.equal(night.isCacheable, false);
  });

  it('knows which facts come too late for an effect, and says so', () => {
    assert.deepEqual(faultsOf('activity: db.query\neffect: block\nwhen: activity.rows > 5'), [
      '8 effect: block comes too late: activity.rows known only after the act (use warn or kill, or ask about facts that are known before)',
    ]);
    assert.equal(compiled('activity: db.query\neffect: kill\nwhen: activity.rows > mb(5)').phase, 'after');
  });

  it('names every fault with its line and what to do', () => {
    const faults = (when: string) => faultsOf(`activity: file.open\neffect: warn\nwhen: '${when}'`);
    assert.deepEqual(faults('file.pat == "x"'), [
      '9 when: file.pat is no fact of file.open (did you mean file.path or script.path?)',
    ]);
    assert.deepEqual(faults('file.path'), [
      '9 when: file.path is a text, not true or false (compare it with something)',
    ]);
    assert.deepEqual(faults('file.path > "a"'), [
      '9 when: texts have no order: > (use == != in startsWith glob under)',
    ]);
    assert.deepEqual(faults('file.path.matches("a+")'), [
      '9 when: regular expressions are not part of the language (known: startsWith endsWith contains under glob inNet exists size lower)',
    ]);
    assert.deepEqual(faults('activity.count == 1.5'), [
      '9 when: only whole numbers are known (for megabytes write mb(5))',
    ]);
    assert.deepEqual(faults('file.path.lower() == "ABC"'), [
      '9 when: "ABC" has capitals and can never fit (write it in lower case)',
    ]);
    assert.deepEqual(faults('data.labels == "x"'), [
      '9 when: data.labels is a list (write data.labels.exists(x, x...) or "text" in data.labels)',
    ]);
    assert.deepEqual(faults('data.labels.exists(l, l == "a" && l == "b")'), [
      '9 when: inside exists stand questions about the element, joined by || (write !list.exists(...) and && outside)',
    ]);
    assert.deepEqual(faults('file.path = "a"'), ['9 when: "=" means nothing here (write ==)']);
    assert.deepEqual(faults('(file.path == "a"'), ['9 when: ) is missing']);
    assert.deepEqual(faults('file.path in list("gone")'), [
      '9 when: there is no list gone (name it under lists: in the same file)',
    ]);
    assert.deepEqual(faultsOf('activity: file.open\neffect: warn\nwen: "x"'), ['9 statements.0: unknown key wen']);
    assert.deepEqual(faultsOf('activity: file.opened\neffect: warn'), ['7 activity: file.opened is no activity type']);
    assert.deepEqual(faultsOf('activity: file.open\neffect: approve'), [
      '5 approve: who may approve is missing (such as approve: {by: [approver], hold_s: 120})',
    ]);
    assert.deepEqual(faultsOf('activity: file.open\neffect: block\nfloor: true\nexcept: "true"'), [
      '10 except: a floor has no exception (take floor or except away)',
    ]);
  });

  it('survives any text', () => {
    const parts = [
      '(',
      ')',
      '[',
      '!',
      '&&',
      '||',
      '"a"',
      "'",
      'file.path',
      '.',
      'exists',
      'list(',
      '9',
      '-',
      '\\',
      'é',
      '𝄞',
      ' in ',
      '==',
      ',',
    ];
    let seed = 3;
    for (let round = 0; round < 3000; round += 1) {
      let text = '';
      for (let at = 0; at < 12; at += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += parts[Math.floor((seed / 2_147_483_648) * parts.length)] ?? '';
      }
      const { compiled: done, faults } = readPolicy(
        file(`activity: file.open\neffect: warn\nwhen: ${JSON.stringify(text)}`),
      );
      assert.ok(done !== undefined || faults.length > 0);
    }
  });
});
