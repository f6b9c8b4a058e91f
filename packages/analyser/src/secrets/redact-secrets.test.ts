import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { findSecrets } from './find-secrets.ts';
import { fingerprintOf } from './fingerprint.ts';
import { redactSecrets } from './redact-secrets.ts';

const key = Buffer.alloc(32, 7);
const PASSWORD = 'Vx7!pq-Lm2#ZtR9w';
const PEM = `-----BEGIN PRIVATE KEY-----\n${randomBytes(256).toString('base64')}\n-----END PRIVATE KEY-----`;

test('puts a reference in the place of a password, and names it by its keyed hash', () => {
  const redacted = redactSecrets(`import x\npassword = "${PASSWORD}"\nprint("done")\n`, key);

  const fingerprint = fingerprintOf(PASSWORD, key);
  const reference = `SENTINEL_SECRET_${fingerprint.slice(0, 12)}`;
  assert.equal(redacted?.text, `import x\npassword = "${reference}"\nprint("done")\n`);
  assert.deepEqual(
    redacted?.references.map(({ reference: shown, fingerprint: hash, name, line }) => ({ shown, hash, name, line })),
    [{ shown: reference, hash: fingerprint, name: 'password', line: 2 }],
  );
});

test('takes the same value out wherever else it stands', () => {
  const redacted = redactSecrets(
    `db_password = '${PASSWORD}'\nlog = open('x')\nlog.write(f"using ${PASSWORD} now")\n# was ${PASSWORD}\n`,
    key,
  );

  assert.equal(redacted?.text.includes(PASSWORD), false);
  assert.equal(redacted?.text.match(/SENTINEL_SECRET_/g)?.length, 3);
});

const SOURCES: Readonly<Record<string, string>> = {
  'a url with a password': `import sqlalchemy\nengine = sqlalchemy.create_engine("postgresql://app:${PASSWORD.replaceAll(/[#!]/g, 'k')}@db.example/erp")\n`,
  'a key over several literals': `KEY = (\n${PEM.split('\n')
    .map((line) => `    "${line}\\n"`)
    .join('\n')}\n)\nprint(len(KEY) > 0)\n`,
  'a key in three quotes': `KEY = """${PEM}"""\nprint("x")\n`,
  'bytes and f-strings': `token = b"${PASSWORD}"\nuser = "ann"\nauth = f"{user}:{token}"\n`,
  'a dictionary of settings': `settings = {\n  "api_key": "${randomBytes(24).toString('hex')}",\n  "password": "${PASSWORD}",\n}\n`,
  'a base64 literal': `import base64\ncred = base64.b64decode("${Buffer.from(`password=${PASSWORD}`).toString('base64')}")\n`,
};

for (const [name, source] of Object.entries(SOURCES)) {
  test(`leaves a program without its credential behind: ${name}`, () => {
    const before = findSecrets(source, { kind: 'python', fingerprintKey: key }).filter(({ tier }) => tier !== 'info');
    assert.ok(before.length > 0, 'the source holds one');

    const redacted = redactSecrets(source, key);

    assert.ok(redacted !== undefined);
    assert.ok(redacted.references.length > 0);
    assert.equal(redacted.text.includes(PASSWORD), false);
    assert.equal(redacted.text.includes(PEM.split('\n')[1] ?? ''), false);
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: redacted.text });
  });
}

test('changes nothing of a source without credentials', () => {
  const source = 'import csv\n\nfor row in csv.reader(open("in.csv")):\n    print(row)\n';

  assert.deepEqual(redactSecrets(source, key), { text: source, references: [] });
});
