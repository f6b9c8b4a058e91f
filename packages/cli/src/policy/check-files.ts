import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LintRemark, lintPolicy, readPolicy, tryExamples } from '@sentinel/policy';
import type { CompiledPolicy } from '@sentinel/protocol';

/** A fault or remark with its place. */
export interface FileProblem {
  readonly level: 'error' | 'warning';
  readonly line?: number;
  readonly column?: number;
  readonly statement?: string;
  readonly message: string;
  readonly hint?: string;
}

/** What became of one policy file. */
export interface CheckedFile {
  readonly path: string;
  readonly id?: string;
  readonly statements: number;
  readonly examples: number;
  readonly testCount: number;
  readonly problems: readonly FileProblem[];
  readonly compiled?: CompiledPolicy;
}

/** Policy files behind paths: files as they are, folders with what ends in .yaml, .yml or .json in them. */
export function policyFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => /\.(?:ya?ml|json)$/.test(name))
          .sort()
          .map((name) => join(path, name))
      : [path],
  );
}

/** Reads, compiles and lints policy files, and runs their examples. */
export function checkFiles(paths: readonly string[]): CheckedFile[] {
  const ids = new Map<string, string>();
  return policyFiles(paths).map((path) => {
    const { source, compiled, faults } = readPolicy(readFileSync(path, 'utf8'));
    if (compiled === undefined)
      return {
        path,
        statements: source?.statements.length ?? 0,
        examples: 0,
        testCount: 0,
        problems: faults.map(({ line, column, statement, message, hint }) => ({
          level: 'error' as const,
          line,
          column,
          ...(statement === undefined ? {} : { statement }),
          message,
          ...(hint === undefined ? {} : { hint }),
        })),
      };
    const { count, faults: wrong } = tryExamples(source, compiled);
    const examples = new Map(source.statements.map(({ id, match }) => [id, match.length]));
    const same = ids.get(compiled.id);
    ids.set(compiled.id, path);
    return {
      path,
      id: compiled.id,
      statements: compiled.statements.length,
      examples: count,
      testCount: compiled.testCount,
      problems: [
        ...(same === undefined
          ? []
          : [{ level: 'error' as const, message: `the id ${compiled.id} is already that of ${same}` }]),
        ...wrong.map(({ statement, key, index, message }) => ({
          level: 'error' as const,
          statement,
          message: `example ${index + 1} of ${key} ${message}`,
        })),
        ...lintPolicy(compiled, examples).map(warning),
      ],
      compiled,
    };
  });
}

function warning({ statement, message }: LintRemark): FileProblem {
  return { level: 'warning', statement, message };
}
