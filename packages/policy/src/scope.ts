import type { PolicyCalendar } from '@sentinel/protocol';
import { type Expression, PolicyError } from './expression.ts';
import { factNames, factOf } from './facts.ts';

/** What a condition may name. */
export interface Scope {
  /** Activity types that the condition is about. */
  readonly types: readonly string[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly calendars: Readonly<Record<string, PolicyCalendar>>;
  /** Inside `exists`: the name that stands for an element, and the list it is of. */
  readonly element?: { readonly name: string; readonly fact: string };
}

/** The fact behind a name, with the list behind the element of `exists`. */
export function resolveFact(expression: Expression & { kind: 'fact' }, scope: Scope): { name: string; type: string } {
  if (scope.element?.name === expression.name) return { name: scope.element.fact, type: 'element' };
  const fact = factOf(expression.name, scope.types);
  if (fact !== undefined) return { name: expression.name, type: fact.type };
  const known = factNames(scope.types);
  const last = expression.name.slice(expression.name.lastIndexOf('.') + 1);
  const near = known.filter((name) => name.endsWith(last) || name.includes(last)).slice(0, 3);
  throw new PolicyError(
    `${expression.name} is no fact of ${scope.types.join(', ')}`,
    expression.at,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `facts here: ${known.join(', ')}`,
  );
}

/** `[...]` of texts, or `list("name")`. */
export function listTexts(expression: Expression, scope: Scope): string[] {
  if (expression.kind === 'call' && expression.name === 'list') {
    const [name, ...more] = expression.args;
    if (name?.kind !== 'text' || more.length > 0)
      throw new PolicyError('list takes the name of a list', expression.at, 'such as list("approved")');
    const texts = Object.hasOwn(scope.lists, name.value) ? scope.lists[name.value] : undefined;
    if (texts === undefined)
      throw new PolicyError(`there is no list ${name.value}`, name.at, 'name it under lists: in the same file');
    return [...texts];
  }
  if (expression.kind !== 'list')
    throw new PolicyError('a list is missing', expression.at, 'such as ["a", "b"] or list("name")');
  return expression.items.map((item) => {
    if (item.kind !== 'text') throw new PolicyError('lists hold texts, or whole numbers only', item.at);
    return item.value;
  });
}

/** A type in words. */
export function article(type: string): string {
  return (
    { string: 'a text', int: 'a number', boolean: 'true or false', 'string[]': 'a list', element: 'a text' }[type] ??
    type
  );
}
