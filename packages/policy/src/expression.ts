/** Where a part of a condition stands: offset of its first character. */
export interface Placed {
  readonly at: number;
}

/** A condition as it is written. */
export type Expression = Placed &
  (
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'truth'; readonly value: boolean }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'fact'; readonly name: string }
    | { readonly kind: 'not'; readonly operand: Expression }
    | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'method';
        readonly subject: Expression;
        readonly name: string;
        readonly args: readonly Expression[];
      }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  );

/** A comparison of the language. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';

/** A fault in a policy, with its place and what to do. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  /** Offset in the condition, or undefined for a fault of the file. */
  readonly at: number | undefined;
  /** What to do. */
  readonly hint: string | undefined;

  constructor(message: string, at?: number, hint?: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}
