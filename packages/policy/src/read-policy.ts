import { Policy } from '@sentinel/protocol';
import { LineCounter, parseDocument } from 'yaml';
import { type Compiled, compilePolicy, type PolicyFault } from './compile-policy.ts';

/** Largest policy file, in characters. */
export const MAX_POLICY_LENGTH = 1_000_000;

/** A fault with its line in the file, 1 for the first. */
export interface PlacedFault extends PolicyFault {
  readonly line: number;
  readonly column: number;
}

/** A policy file that was read. */
export type PolicyRead =
  | { readonly source: Policy; readonly compiled: NonNullable<Compiled['policy']>; readonly faults: readonly [] }
  | { readonly source: Policy | undefined; readonly compiled: undefined; readonly faults: readonly PlacedFault[] };

/** Reads and compiles a policy file (YAML 1.2, or JSON). Unknown keys are faults. */
export function readPolicy(text: string): PolicyRead {
  if (text.length > MAX_POLICY_LENGTH)
    return failed(undefined, [
      { key: '', line: 1, column: 1, message: `a policy file has at most ${MAX_POLICY_LENGTH} characters` },
    ]);
  const lines = new LineCounter();
  // No tags, anchors or merge keys: what stands there is what is meant.
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    merge: false,
    customTags: [],
    stringKeys: true,
    uniqueKeys: true,
  });
  const place = (path: readonly PropertyKey[]): { line: number; column: number } => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: readonly [number, number, number] }
        | undefined;
      if (node?.range !== undefined && node.range !== null) {
        const { line, col } = lines.linePos(node.range[0]);
        return { line, column: col };
      }
    }
    return { line: 1, column: 1 };
  };
  if (document.errors.length > 0)
    return failed(
      undefined,
      document.errors.map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { key: '', line, column: col, message: message.split('\n')[0] ?? message };
      }),
    );
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return failed(undefined, [
      { key: '', line: 1, column: 1, message: 'anchors and aliases are not part of the language' },
    ]);
  }
  const parsed = Policy.safeParse(value);
  if (!parsed.success)
    return failed(
      undefined,
      parsed.error.issues.map((issue) => ({
        key: issue.path.map(String).join('.'),
        ...place(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path),
        message: issue.code === 'unrecognized_keys' ? `unknown key ${issue.keys.join(', ')}` : issue.message,
      })),
    );
  const compiled = compilePolicy(parsed.data);
  if (compiled.policy === undefined)
    return failed(
      parsed.data,
      compiled.faults.map((fault) => {
        const index = parsed.data.statements.findIndex(({ id }) => id === fault.statement);
        return { ...fault, ...place(['statements', index, fault.key]) };
      }),
    );
  return { source: parsed.data, compiled: compiled.policy, faults: [] };
}

function failed(source: Policy | undefined, faults: readonly PlacedFault[]): PolicyRead {
  return { source, compiled: undefined, faults };
}
