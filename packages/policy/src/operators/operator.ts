import type { PolicyTest } from '@sentinel/protocol';

/** Operand of a question, as the normal form has it. */
export type Operand = Pick<PolicyTest, 'texts' | 'number' | 'isFolded'>;

/** One question of the normal form, in this language and in SQL. Its Python twin stands in the probe's policy module. */
export interface Operator {
  /** What it asks about: each text of a fact, a whole number, a truth value, the size of a list, or whether there is a fact. */
  readonly about: 'text' | 'number' | 'truth' | 'size' | 'presence';
  /** Answers for texts; the fact is folded already where the operand asks for it. */
  readonly ofText?: (operand: Operand) => (value: string) => boolean;
  /** Answers for numbers, and for the size of lists. */
  readonly ofNumber?: (operand: Operand) => (value: number) => boolean;
  /** The question in ClickHouse's SQL about an expression that is never null. */
  readonly sql: (value: string, operand: Operand) => string;
}

/** A text as a literal of ClickHouse's SQL. Source: ClickHouse documentation, syntax, string literals. */
export function sqlText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Joins alternatives; none is false. */
export function sqlAny(parts: readonly string[]): string {
  return parts.length === 0 ? '0' : `(${parts.join(' OR ')})`;
}

/** A to Z as a to z, every other character as it is. */
export function foldText(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
