import assert from 'node:assert/strict';
import { it } from 'node:test';
import { familyHash } from './family-hash.ts';

const SCRIPT = `import pandas as pd

HOST = "db1.corp"
LIMIT = 100


def load(name):
    """Reads a table."""
    return pd.read_sql(f"select * from {name}", HOST)[: LIMIT - 1]


for table in ["a", "b"]:
    load(table).to_csv(table + ".csv", index=False)
`;

it('gives copies that differ in comments, layout, docstrings and values the same hash', async () => {
  const copy = `# copied from Ann
import pandas as pd
HOST = 'db2.corp'  # new server
LIMIT = -5_000
def load(name):
    return pd.read_sql(f'select * from {name}', HOST)[: LIMIT - 7]
for table in [
    "c",
    "d",  # more
    "e",
]:
    load(table).to_csv(table + ".txt", index=False)
`;

  assert.equal(await familyHash(copy), await familyHash(SCRIPT));
  assert.match((await familyHash(SCRIPT)) ?? '', /^f1:[0-9a-f]{32}$/);
});

for (const [what, from, to] of [
  ['another call', 'to_csv', 'to_excel'],
  ['another import', 'import pandas', 'import polars'],
  ['another operator', 'LIMIT - 1', 'LIMIT + 1'],
  ['a flag', 'index=False', 'index=True'],
  ['another expression in a template', '{name}', '{name.lower()}'],
  ['one statement more', 'load(table).to_csv', 'print(table)\n    load(table).to_csv'],
  ['another name', 'HOST)', 'SERVER)'],
] as const) {
  it(`tells ${what} apart`, async () => {
    assert.notEqual(await familyHash(SCRIPT.replace(from, to)), await familyHash(SCRIPT));
  });
}

it('gives no hash to a text without statements', async () => {
  assert.deepEqual(
    await Promise.all(['', '# only a comment\n', '"""only a docstring"""\n'].map((text) => familyHash(text))),
    [undefined, undefined, undefined],
  );
});

it('does not depend on line ends or a byte order mark', async () => {
  assert.equal(await familyHash(`\uFEFF${SCRIPT.replaceAll('\n', '\r\n')}`), await familyHash(SCRIPT));
});
