import { lintPolicy, readPolicy, tryExamples } from '@sentinel/policy';
import type { CompiledPolicy, Policy, PolicyRemark } from '@sentinel/protocol';

/** What became of a policy file. */
export interface CheckedSource {
  /** Whether it may be saved: it compiles and its examples come out as it says. */
  readonly isGood: boolean;
  readonly source: Policy | undefined;
  readonly compiled: CompiledPolicy | undefined;
  readonly examples: number;
  readonly remarks: PolicyRemark[];
}

/** Compiles a policy file, runs its examples and lints it. */
export function checkSource(text: string): CheckedSource {
  const { source, compiled, faults } = readPolicy(text);
  if (compiled === undefined)
    return {
      isGood: false,
      source,
      compiled,
      examples: 0,
      remarks: faults.map(({ line, column, statement, message, hint }) => ({
        level: 'error',
        line,
        column,
        ...(statement === undefined ? {} : { statement }),
        message,
        ...(hint === undefined ? {} : { hint }),
      })),
    };
  const { count, faults: wrong } = tryExamples(source, compiled);
  const examples = new Map(source.statements.map(({ id, match }) => [id, match.length]));
  return {
    isGood: wrong.length === 0,
    source,
    compiled,
    examples: count,
    remarks: [
      ...wrong.map(({ statement, key, index, message }) => ({
        level: 'error' as const,
        statement,
        message: `example ${index + 1} of ${key} ${message}`,
      })),
      ...lintPolicy(compiled, examples).map(({ statement, message }) => ({
        level: 'warning' as const,
        statement,
        message,
      })),
    ],
  };
}
