/**
 * Measures how well operation and tables of SQL statements are told, over the labelled corpus `vectors/sql/statements.tsv`.
 *
 *     node packages/detector/bench/sql-statements.ts [--python PYTHON] [--libraries FOLDER] [--sqlglot FOLDER] [--show] [--json]
 *
 * Always: the probe's own tokenizer, as it runs on endpoints. With `--libraries`, a folder that has `node_modules` with
 * `node-sql-parser` and `@polyglot-sql/sdk`: those too; with `--sqlglot`, a folder with the package `sqlglot`: that too.
 * `--show` prints what each gets wrong. A statement is right when operation and the set of tables both are; CREATE, ALTER, DROP and
 * TRUNCATE are one operation, DDL, for every engine.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    libraries: { type: 'string' },
    sqlglot: { type: 'string' },
    show: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

interface Statement {
  readonly dialect: string;
  readonly operation: string;
  readonly tables: string;
  readonly text: string;
}

interface Answer {
  readonly operation: string;
  readonly tables: string;
  /** The statement without literals, where the engine makes one. */
  readonly summary?: string;
  readonly error?: string;
}

type Engine = (statements: readonly Statement[]) => readonly Answer[];

const corpus = readFileSync(join(ROOT, 'vectors/sql/statements.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line): Statement => {
    const [dialect = '', operation = '', tables = '', text = ''] = line.split('\t');
    const unescaped = text.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one === 't' ? '\t' : one));
    return { dialect, operation, tables, text: unescaped };
  });

/** No dependencies of ours: they are compared, not used. */
const NODE_SQL_PARSER = 'node-sql-parser';
const POLYGLOT = '@polyglot-sql/sdk';

const SYSTEMS: Readonly<Record<string, string>> = {
  postgresql: 'postgresql',
  mysql: 'mysql',
  oracle: 'oracle.db',
  mssql: 'microsoft.sql_server',
  sqlite: 'sqlite',
};

const PROBE = `
import json, sys, time
sys.path.insert(0, ${JSON.stringify(join(ROOT, 'probe/src'))})
from sentinel_probe.sql import summarise
out = []
for text, system in json.load(sys.stdin):
    operation, tables, summary = summarise(text, system)
    out.append({"operation": operation, "tables": tables, "summary": summary})
print(json.dumps(out))
`;
const SQLGLOT = `
import json, sys
sys.path.insert(0, ${JSON.stringify(values.sqlglot ?? '')})
import logging
logging.disable(logging.CRITICAL)
import sqlglot
from sqlglot import exp
NAMES = {"postgresql": "postgres", "mssql": "tsql"}
out = []
for text, dialect in json.load(sys.stdin):
    try:
        trees = [tree for tree in sqlglot.parse(text, read=NAMES.get(dialect, dialect)) if tree is not None]
        tree = next((one for one in trees if not isinstance(one, (exp.Set, exp.Command))), trees[0])
        kind = "SELECT" if isinstance(tree, exp.Query) else tree.key.upper().replace("TRUNCATETABLE", "TRUNCATE")
        if isinstance(tree, exp.Command):
            kind = str(tree.this).upper()
        hidden = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
        tables = set()
        for table in tree.find_all(exp.Table):
            name = ".".join(part.name for part in table.parts)
            if name and name.lower() not in hidden:
                tables.add(name.lower())
        out.append({"operation": kind, "tables": ",".join(sorted(tables))})
    except Exception as error:
        out.append({"operation": "", "tables": "", "error": str(error)[:80]})
print(json.dumps(out))
`;

const engines = new Map<string, Engine>([
  [
    'probe (own tokenizer)',
    (statements) =>
      python(
        PROBE,
        statements.map(({ text, dialect }) => [text, SYSTEMS[dialect] ?? dialect]),
      ),
  ],
]);
if (values.sqlglot !== undefined)
  engines.set('sqlglot', (statements) =>
    python(
      SQLGLOT,
      statements.map(({ text, dialect }) => [text, dialect]),
    ),
  );
if (values.libraries !== undefined) await addLibraries(values.libraries);

for (const [name, engine] of engines) {
  const started = performance.now();
  const answers = engine(corpus);
  const elapsedMs = performance.now() - started;
  const counts = { operation: 0, tables: 0, both: 0, failed: 0, leaks: 0 };
  const byDialect = new Map<string, { right: number; all: number }>();
  for (const [at, statement] of corpus.entries()) {
    const answer = answers[at] ?? { operation: '', tables: '', error: 'no answer' };
    const isOperation = folded(answer.operation) === folded(statement.operation);
    const isTables = setOf(answer.tables) === setOf(statement.tables);
    counts.operation += Number(isOperation);
    counts.tables += Number(isTables);
    counts.both += Number(isOperation && isTables);
    counts.failed += Number(answer.error !== undefined);
    counts.leaks += Number(leaks(statement.text, answer.summary));
    const dialect = byDialect.get(statement.dialect) ?? { right: 0, all: 0 };
    byDialect.set(statement.dialect, {
      right: dialect.right + Number(isOperation && isTables),
      all: dialect.all + 1,
    });
    if (values.show && !(isOperation && isTables))
      process.stdout.write(
        `  ${name} | ${statement.dialect} | ${answer.operation} [${answer.tables}] for ${statement.operation} [${statement.tables}] ${answer.error ?? ''} | ${statement.text.replaceAll('\n', ' ')}\n`,
      );
  }
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ engine: name, statements: corpus.length, ...counts })}\n`);
    continue;
  }
  const share = (count: number) => `${count} (${((count / corpus.length) * 100).toFixed(1)}%)`;
  process.stdout.write(
    `${name}: ${corpus.length} statements, operation ${share(counts.operation)}, tables ${share(counts.tables)}, both ${share(counts.both)}, not parsed ${counts.failed}, literals left ${counts.leaks}; ${[...byDialect].map(([dialect, { right, all }]) => `${dialect} ${right}/${all}`).join(', ')}; ${elapsedMs.toFixed(0)} ms with its start\n`,
  );
}

function python(program: string, input: unknown): Answer[] {
  return JSON.parse(
    execFileSync(values.python, ['-c', program], { input: JSON.stringify(input), maxBuffer: 1e8 }).toString(),
  ) as Answer[];
}

async function addLibraries(folder: string): Promise<void> {
  const require = createRequire(join(folder, 'index.js'));
  const { Parser } = require(NODE_SQL_PARSER) as {
    Parser: new () => { parse(text: string, options: { database: string }): { tableList: string[]; ast: unknown } };
  };
  const DATABASES: Readonly<Record<string, string>> = {
    postgresql: 'Postgresql',
    mysql: 'MySQL',
    // The library has no Oracle: its nearest.
    oracle: 'Postgresql',
    mssql: 'TransactSQL',
    sqlite: 'Sqlite',
  };
  engines.set('node-sql-parser', (statements) => {
    const parser = new Parser();
    return statements.map(({ text, dialect }) =>
      guarded(() => {
        const { tableList, ast } = parser.parse(text, { database: DATABASES[dialect] ?? dialect });
        const trees = (Array.isArray(ast) ? ast : [ast]) as { type?: string; with?: { name?: { value?: string } }[] }[];
        const tree = trees.find(({ type }) => type !== 'set') ?? trees[0];
        const hidden = new Set((tree?.with ?? []).map((one) => one.name?.value?.toLowerCase()));
        const tables = tableList.flatMap((entry) => {
          const [, schema, name = ''] = entry.split('::');
          if (hidden.has(name.toLowerCase())) return [];
          return schema === 'null' || schema === undefined ? name : `${schema}.${name}`;
        });
        return { operation: tree?.type ?? '', tables: tables.join(',') };
      }),
    );
  });
  const polyglot = (await import(
    pathToFileURL(require.resolve(POLYGLOT).replace('index.cjs', 'index.node.js')).href
  )) as {
    init(): Promise<void>;
    parse(text: string, dialect: string): { success: boolean; error?: string; ast?: Record<string, unknown>[] };
  };
  await polyglot.init();
  engines.set('@polyglot-sql/sdk', (statements) =>
    statements.map(({ text, dialect }) =>
      guarded(() => {
        const { success, error, ast } = polyglot.parse(text, dialect === 'mssql' ? 'tsql' : dialect);
        if (!success || ast === undefined) throw new Error(error ?? 'not parsed');
        const tree = ast.find((one) => !('set_statement' in one) && !('command' in one)) ?? ast[0] ?? {};
        const kind = Object.keys(tree)[0] ?? '';
        const hidden = new Set<string>();
        const tables = new Set<string>();
        walk(tree, (key, node) => {
          if (key === 'ctes' && Array.isArray(node))
            for (const cte of node as { alias?: { name?: string } }[]) hidden.add(cte.alias?.name?.toLowerCase() ?? '');
          if (key !== 'table' && key !== 'name' && key !== 'table_ref') return;
          if (typeof node !== 'object' || node === null) return;
          const table = node as { name?: { name?: string }; schema?: { name?: string }; catalog?: { name?: string } };
          if (
            typeof table.name !== 'object' ||
            table.name === null ||
            !('schema' in table || 'alias' in table || key === 'table')
          )
            return;
          const parts = [table.catalog?.name, table.schema?.name, table.name.name].filter((part) => part !== undefined);
          tables.add(parts.join('.').toLowerCase());
        });
        return {
          operation: /^(?:union|except|intersect|with|subquery|values)$/.test(kind)
            ? 'SELECT'
            : (kind.split('_')[0] ?? ''),
          tables: [...tables].filter((table) => !hidden.has(table)).join(','),
        };
      }),
    ),
  );
}

function walk(node: unknown, visit: (key: string, node: unknown) => void): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    visit(key, value);
    walk(value, visit);
  }
}

function guarded(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    return { operation: '', tables: '', error: (error as Error).message.split('\n')[0]?.slice(0, 80) ?? '' };
  }
}

/** What changes the form of tables is one operation to rules. */
function folded(operation: string): string {
  const upper = operation.toUpperCase();
  return ['CREATE', 'ALTER', 'DROP', 'TRUNCATE'].includes(upper) ? 'DDL' : upper;
}

function setOf(tables: string): string {
  const names = tables.split(',').map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/["`[\]]/g, ''),
  );
  return [...new Set(names.filter((name) => name !== ''))].sort().join(',');
}

/** Whether a text between quotes shows in the summary and nowhere else in the statement. */
function leaks(text: string, summary: string | undefined): boolean {
  if (summary === undefined) return false;
  const literals = [...text.matchAll(/'((?:[^'\\]|''|\\.)*)'/g)].map((match) => match[1] ?? '');
  const rest = text.replaceAll(/'(?:[^'\\]|''|\\.)*'/g, "''").toLowerCase();
  return literals.some(
    (literal) => /\w{3,}/.test(literal) && !rest.includes(literal.toLowerCase()) && summary.includes(literal),
  );
}
