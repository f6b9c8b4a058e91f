import type { SecretFound, SourcePlace } from '@sentinel/protocol';
import type { CallFact } from '../semantics/facts.ts';
import type { Value } from '../semantics/value.ts';

type SecretUses = NonNullable<SecretFound['uses']>;

/** A shorter value is found only where it is the whole text: inside others it would be met by chance. */
const WITHIN_FROM = 6;
/** How deep values inside lists, mappings and objects are looked at. */
const MAX_DEPTH = 3;
const MAX_VALUES = 2_000;
const MOST_USES = 20;

/**
 * Calls that a credential goes to: those that are given its value, itself or within a text, a list or a mapping, and those of
 * what they made, such as the statements of a connection. By the values that the interpreter follows, so neither by names nor
 * by scopes. Empty for a credential whose value reaches no call that is seen.
 *
 * @param values Values of the credentials; they are in no part of the answer.
 * @param placeOf Place of a call.
 */
export function secretUses(
  calls: readonly CallFact[],
  values: readonly string[],
  placeOf: (call: CallFact) => SourcePlace,
): SecretUses[] {
  const texts = calls.map(textsOf);
  return values.map((value) => {
    const isIn = (text: string) => text === value || (value.length >= WITHIN_FROM && text.includes(value));
    const direct = calls.filter((_, index) => texts[index]?.some(isIn) === true);
    const made = [...new Set(direct.map(({ name }) => name))].filter((name) => !name.startsWith('?'));
    const indirect = calls.filter(
      (call) => !direct.includes(call) && made.some((name) => call.name.startsWith(`${name}.`)),
    );
    const uses = [
      ...direct.map((call) => ({ call: call.name, place: placeOf(call), isDirect: true })),
      ...indirect.map((call) => ({ call: call.name, place: placeOf(call), isDirect: false })),
    ];
    const seen = new Set<string>();
    return uses
      .filter(({ call, place }) => {
        const key = `${call} ${place.cell ?? ''} ${place.member ?? ''} ${place.line}`;
        return !seen.has(key) && seen.add(key).size > 0;
      })
      .slice(0, MOST_USES);
  });
}

/** Every constant text that a call is given. */
function textsOf({ args, keywords }: CallFact): string[] {
  const texts: string[] = [];
  let left = MAX_VALUES;
  const look = (value: Value, depth: number): void => {
    if (left-- <= 0) return;
    if (value.text !== undefined && value.text !== '') texts.push(value.text);
    if (depth >= MAX_DEPTH) return;
    for (const item of value.items ?? []) look(item, depth + 1);
    for (const field of value.thing?.fields.values() ?? []) look(field, depth + 1);
  };
  for (const value of args) look(value, 0);
  for (const value of keywords.values()) look(value, 0);
  return texts;
}
