import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { analysePython } from '../analyse-python.ts';
import { loadParser } from '../parse.ts';
import { columnsOfQuery } from './data-labels.ts';

before(loadParser);

/** Kinds with their names, and the labels on each flow. */
function told(source: string): { labels: [string, string[], number[]][]; flows: [string, string[] | undefined][] } {
  const { dataLabels, flows } = analysePython(source);
  return {
    labels: dataLabels.map(({ kind, names, evidence }) => [kind, names, evidence.map(({ line }) => line)]),
    flows: flows.map((flow) => [`${flow.source.kind} -> ${flow.reach}`, flow.source.labels]),
  };
}

test('columns that are taken from a table label the flow of that table and of no other', () => {
  const source = `import pandas as pd, requests
people = pd.read_csv('people.csv')
stock = pd.read_csv('stock.csv')
requests.post('https://transfer.sh/a', data=people[['IBAN', 'amount']].to_json())
requests.post('https://transfer.sh/b', data=stock['quantity'].to_json())
`;
  assert.deepEqual(told(source), {
    labels: [['iban', ['IBAN'], [4]]],
    flows: [
      ['csv -> personal-cloud', ['iban']],
      ['csv -> personal-cloud', undefined],
    ],
  });
});

test('keys of rows in a loop and columns of a query count as well', () => {
  const loop = `import csv, smtplib
server = smtplib.SMTP('mail.firm.test')
for row in csv.DictReader(open('people.csv')):
    server.sendmail('a@firm.test', 'x@mail.test', row['Geburtsdatum'])
`;
  const query = `import sqlite3, requests
cursor = sqlite3.connect('a.db').cursor()
cursor.execute('SELECT c.email, amount FROM customers c')
requests.post('https://api.openai.com/v1/x', json=cursor.fetchall())
`;
  assert.deepEqual(
    [told(loop), told(query)],
    [
      {
        labels: [['birth-date', ['Geburtsdatum'], [4]]],
        flows: [['files.read -> mail-outside', ['birth-date']]],
      },
      { labels: [['email', ['email'], [3]]], flows: [['db -> llm-provider', ['email']]] },
    ],
  );
});

test('a bare name, a key of a setting and what a script writes itself promise nothing', () => {
  const source = `import json
answer = json.load(open('config.json'))
print(answer['name'])
settings = {'address': '10.0.0.1'}
print(settings['address'])
`;
  assert.deepEqual(told(source).labels, []);
});

test('a name beside something of a person is the name of a person', () => {
  const source = "import pandas as pd\ndf = pd.read_excel('a.xlsx')\nprint(df['name'], df['iban'])\n";
  assert.deepEqual(
    told(source).labels.map(([kind]) => kind),
    ['iban', 'person-name'],
  );
});

test('a name that means nothing else counts where the data comes from elsewhere', () => {
  assert.deepEqual(told("def pay(row):\n    return row['iban'], row['city']\n").labels, [['iban', ['iban'], [2]]]);
});

test('columns of a query are read without functions, aliases and tables', () => {
  assert.deepEqual(columnsOfQuery('SELECT DISTINCT c."email", 1 FROM customers WHERE iban = 2'), ['email']);
  assert.deepEqual(columnsOfQuery('with a as (select ssn from p) select b.[birth date] from a'), [
    'ssn',
    'birth',
    'date',
  ]);
});
