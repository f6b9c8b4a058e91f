import type { CompiledPolicy, PolicyCondition, PolicyTest } from '@sentinel/protocol';
import type { FactType } from './facts.ts';
import { operators } from './operators/all.ts';
import { sqlText } from './operators/operator.ts';

/** Where a fact stands in a query: whether it is there, and its value, never null, of any content where it is not. */
export interface FactColumn {
  readonly type: FactType;
  /** SQL that is 1 where the fact is known. */
  readonly isKnown: string;
  /** SQL of its value: String, Int64, UInt8 or Array(String). */
  readonly value: string;
}

/** Finds the column of a fact; undefined where the store has none, which makes the fact unknown everywhere. */
export type ColumnOf = (fact: string) => FactColumn | undefined;

/**
 * SQL that gives, for each row, the names of the statements that match: `Array(String)` of `policy/statement`, in order.
 * ClickHouse's `and`, `or` and `not` are Kleene's on null, as the evaluators are on what is unknown.
 */
export function matchesSql(policies: readonly CompiledPolicy[], activityColumn: string, columnOf: ColumnOf): string {
  const parts = policies.flatMap(({ id, statements }) =>
    statements.map((statement) => {
      const types = statement.activities.map(sqlText).join(', ');
      const when = `ifNull(${conditionSql(statement.when, columnOf)}, ${statement.matchesUnknown ? 1 : 0})`;
      const except =
        statement.except.length === 0 ? '' : ` AND NOT ifNull(${conditionSql(statement.except, columnOf)}, 0)`;
      return `if(${activityColumn} IN (${types}) AND ${when}${except}, ${sqlText(`${id}/${statement.id}`)}, '')`;
    }),
  );
  return parts.length === 0 ? "CAST([], 'Array(String)')" : `arrayFilter(name -> name != '', [${parts.join(', ')}])`;
}

/** SQL of a condition: 1, 0, or null where it is unknown. */
export function conditionSql(condition: PolicyCondition, columnOf: ColumnOf): string {
  if (condition.length === 0) return '0';
  const alternatives = condition.map((tests) =>
    tests.length === 0 ? '1' : `(${tests.map((test) => testSql(test, columnOf)).join(' AND ')})`,
  );
  return `(${alternatives.join(' OR ')})`;
}

function testSql(test: PolicyTest, columnOf: ColumnOf): string {
  const positive = positiveSql(test, columnOf(test.fact));
  return test.isNegated === true ? `NOT (${positive})` : positive;
}

function positiveSql(test: PolicyTest, column: FactColumn | undefined): string {
  const { about, sql } = operators[test.operator];
  if (about === 'presence') return column?.isKnown ?? '0';
  if (column === undefined) return 'NULL';
  const whenKnown = (answer: string) => `if(${column.isKnown}, toNullable(toUInt8(${answer})), NULL)`;
  const isList = column.type === 'string[]';
  if (about === 'size') return isList ? whenKnown(sql(`length(${column.value})`, test)) : 'NULL';
  if (about === 'number') return column.type === 'int' ? whenKnown(sql(column.value, test)) : 'NULL';
  if (about === 'truth') return column.type === 'boolean' ? whenKnown(column.value) : 'NULL';
  const folded = (value: string) => (test.isFolded === true ? `lower(${value})` : value);
  if (isList) return whenKnown(`arrayExists(element -> ${sql(folded('element'), test)}, ${column.value})`);
  return column.type === 'string' ? whenKnown(sql(folded(column.value), test)) : 'NULL';
}
