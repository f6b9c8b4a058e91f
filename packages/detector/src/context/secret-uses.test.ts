import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findSecretUses } from './secret-uses.ts';

const place = (line: number) => ({ line, endLine: line });

it('finds the statement that names a credential, over several lines', () => {
  const source = 'PASSWORD = "x"\n\nanswer = post(\n    url,\n    json={"password": PASSWORD},\n)\n';

  assert.deepEqual(findSecretUses(source, [{ name: 'PASSWORD', place: place(1) }]), [
    { line: 1, name: 'PASSWORD', statements: [{ from: 3, to: 6, isDirect: true }] },
  ]);
});

it('follows a client or a header one step, and formatted strings', () => {
  const source = 'KEY = "x"\nheaders = {"a": f"Bearer {KEY}"}\nget(url, headers=headers)\nprint("KEY # headers")\n';

  assert.deepEqual(findSecretUses(source, [{ name: 'KEY', place: place(1) }])[0]?.statements, [
    { from: 2, to: 2, isDirect: true },
    { from: 3, to: 3, isDirect: false },
  ]);
});

it('counts a literal inside a call as used there', () => {
  const source = 'connect(user="a",\n        password="x")\n';

  assert.deepEqual(findSecretUses(source, [{ place: place(2) }])[0]?.statements, [{ from: 1, to: 2, isDirect: true }]);
});

it('finds no use of a credential that only stands there', () => {
  assert.deepEqual(findSecretUses('KEY = "x"\nprint(1)\n', [{ name: 'KEY', place: place(1) }])[0]?.statements, []);
});
