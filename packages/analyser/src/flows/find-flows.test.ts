import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { analysePython } from '../analyse-python.ts';
import { loadParser } from '../parse.ts';

before(loadParser);

/** `source -> sink confidence` of each flow. */
function told(source: string): string[] {
  return analysePython(source).flows.map((flow) => `${flow.source.kind} -> ${flow.sink.kind} ${flow.confidence}`);
}

test('a chain that is known link by link, to a place that is known, is sure', () => {
  assert.deepEqual(
    told("import json\nrows = json.loads(open('a.json').read())\nopen('b.json', 'w').write(str(rows))\n"),
    ['files.read -> files.write high'],
  );
});

test('a call of a library that is not known makes it likely', () => {
  const source = "import frobnicate\ntext = frobnicate.change(open('a.txt').read())\nopen('b.txt', 'w').write(text)\n";
  assert.deepEqual(told(source), ['files.read -> files.write medium']);
});

test('a place that is not known makes it likely', () => {
  const source = "import requests\nrequests.post(target(), data=open('a.txt').read())\n";
  assert.deepEqual(told(source), ['files.read -> network.http medium']);
});

test('the address that a mail goes to is no content of it', () => {
  const source =
    "import smtplib\nserver = smtplib.SMTP('mail.example.org')\nto = input('To: ')\nserver.sendmail('me@example.org', to, 'Hello')\n";
  assert.deepEqual(told(source), ['prompt.user -> mail.send low']);
});

test('of two ways the surer one counts', () => {
  const source =
    "import smtplib\nserver = smtplib.SMTP('mail.example.org')\nto = input('To: ')\nserver.sendmail('me@example.org', to, to)\n";
  assert.deepEqual(told(source), ['prompt.user -> mail.send high']);
});
