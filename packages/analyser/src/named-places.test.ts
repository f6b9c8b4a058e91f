import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedPlaces } from './named-places.ts';

test('names files and tables of literals, and nothing else', async () => {
  const source = String.raw`
"""Makes the report; see docs."""
import os
rows = con.execute("SELECT a, b FROM hr.people p JOIN [dbo].[Pay] ON p.id = pay.id WHERE city = 'Bonn'")
con.execute(f"INSERT INTO {schema}.log VALUES (?)")
con.execute("update stock set n = 0")
open('/srv/out/report.csv', 'w')
path = r'\\share\finance\2026'
other = 'C:\\Users\\ann\\a b.txt'
name = "customers.xlsx"
url = "https://example.com/a.csv"
words = "from here to there", "a/b", "utf-8", "%Y-%m-%d"
`;
  assert.deepEqual(await namedPlaces(source), {
    files: ['/srv/out/report.csv', 'C:\\Users\\ann\\a b.txt', '\\\\share\\finance\\2026', 'customers.xlsx'],
    tables: ['dbo.pay', 'hr.people', 'stock'],
  });
});

test('finds nothing in an empty source', async () => {
  assert.deepEqual(await namedPlaces(''), { files: [], tables: [] });
});
