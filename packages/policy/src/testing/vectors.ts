import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledPolicy, PolicyCalendar } from '@sentinel/protocol';
import type { Facts } from '../evaluate.ts';
import { readPolicy } from '../read-policy.ts';

const FOLDER = join(import.meta.dirname, '../../../../vectors/policy');

/** One condition with facts under which it is true, false and unknown. */
export interface ConditionVector {
  readonly file: string;
  readonly activity: string;
  readonly when: string;
  /** The condition as two statements: `skip` and `match` for what is unknown. */
  readonly policy: CompiledPolicy;
  readonly cases: readonly { readonly facts: Facts; readonly expected: boolean | undefined }[];
}

interface VectorFile {
  readonly activity: string;
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly calendars?: Readonly<Record<string, PolicyCalendar>>;
  readonly conditions: readonly {
    readonly when: string;
    readonly true?: readonly Facts[];
    readonly false?: readonly Facts[];
    readonly unknown?: readonly Facts[];
  }[];
}

/** Every vector of `vectors/policy`. */
export function conditionVectors(): ConditionVector[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const {
        activity,
        lists = {},
        calendars = {},
        conditions,
      } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as VectorFile;
      return conditions.map(({ when, ...answers }) => ({
        file,
        activity,
        when,
        policy: twice(activity, when, { lists, calendars }),
        cases: [
          ...(answers.true ?? []).map((facts) => ({ facts, expected: true })),
          ...(answers.false ?? []).map((facts) => ({ facts, expected: false })),
          ...(answers.unknown ?? []).map((facts) => ({ facts, expected: undefined })),
        ],
      }));
    });
}

/** A condition as a policy whose two statements together tell true, false and unknown apart. */
export function twice(activity: string, when: string, more: object = {}): CompiledPolicy {
  const statement = { activity, when, effect: 'warn', explain: 'A vector.' };
  const { compiled, faults } = readPolicy(
    JSON.stringify({
      id: 'vector',
      version: 1,
      title: 'Vector',
      ...more,
      statements: [
        { ...statement, id: 'skip' },
        { ...statement, id: 'match', on_unknown: 'match' },
      ],
    }),
  );
  if (compiled === undefined) throw new Error(`${when}: ${JSON.stringify(faults)}`);
  return compiled;
}

/** What the two statements say together. */
export function answerOf(matches: readonly string[]): boolean | undefined {
  if (matches.includes('vector/skip')) return true;
  return matches.includes('vector/match') ? undefined : false;
}
