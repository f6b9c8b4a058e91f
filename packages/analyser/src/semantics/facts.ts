import type { SyntaxNode } from '../parse.ts';
import type { Taint, Value } from './value.ts';

/** An imported module or name. */
export interface ImportFact {
  /** Module as written; relative ones begin with a dot. */
  readonly module: string;
  /** Imported name of `from module import name`; `*` for all. */
  readonly name: string | undefined;
  readonly node: SyntaxNode;
}

/** A call and what is known of it. */
export interface CallFact {
  /** Dotted name with its first segment resolved; begins with `?` where the receiver is unknown. */
  readonly name: string;
  readonly node: SyntaxNode;
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/** Where data enters. */
export interface SourceFact {
  readonly kind: string;
  readonly detail: string | undefined;
  readonly node: SyntaxNode;
}

/** Where data leaves, with what it carries. */
export interface SinkFact {
  readonly kind: string;
  detail: string | undefined;
  readonly node: SyntaxNode;
  taint: Taint;
}

/** An attribute that was set on an object of a library, such as `mail.To`. */
export interface AttributeFact {
  readonly name: string;
  readonly node: SyntaxNode;
}

/** Names of columns or keys by which a part of some data was taken. */
export interface ColumnFact {
  readonly names: readonly string[];
  readonly node: SyntaxNode;
  /** What the data carried. */
  taint: Taint;
}

/** All that the interpreter found in one text. */
export interface Facts {
  readonly imports: ImportFact[];
  readonly calls: CallFact[];
  readonly attributes: AttributeFact[];
  readonly sources: SourceFact[];
  readonly sinks: SinkFact[];
  readonly columns: ColumnFact[];
  /** Calls whose callee is not known. */
  unresolvedCalls: number;
  readonly unresolvedReasons: Set<string>;
}

/** The value of an argument by keyword, else by position. */
export function argumentOf(
  call: Pick<CallFact, 'args' | 'keywords'>,
  position: number,
  ...names: readonly string[]
): Value | undefined {
  for (const name of names) {
    const value = call.keywords.get(name);
    if (value !== undefined) return value;
  }
  return call.args[position];
}
