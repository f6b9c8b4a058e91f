import { foldText, type Operator, sqlAny, sqlText } from './operator.ts';

/**
 * Parts of a pattern: a character, `one` (any but a slash), `some` (any number of those), `all` (any number of
 * any), `folders` (nothing, or anything that ends in a slash).
 */
type Part = { readonly char: string } | 'one' | 'some' | 'all' | 'folders';

/**
 * `.glob()`: the whole path fits a pattern. `?` is one character but no slash, `*` any number of those, `**` any
 * number of any, and `**` with a slash behind it also nothing. Backslashes count as slashes; A to Z count as a to z.
 */
export const glob: Operator = {
  about: 'text',
  ofText({ texts = [] }) {
    const patterns = texts.map(partsOf);
    return (value) => {
      const path = Array.from(plainPath(value));
      return patterns.some((parts) => fits(path, parts));
    };
  },
  sql(value, { texts = [] }) {
    const path = `lower(replaceAll(${value}, '\\\\', '/'))`;
    return sqlAny(texts.map((text) => `match(${path}, ${sqlText(expressionOf(partsOf(text)))})`));
  },
};

/** A path as patterns see it. */
export function plainPath(path: string): string {
  return foldText(path.replaceAll('\\', '/'));
}

/** Parts of a pattern, slashes and case made plain. */
export function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  const chars = Array.from(plainPath(pattern));
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '?') parts.push('one');
    else if (char !== '*') parts.push({ char });
    else if (chars[at + 1] !== '*') parts.push('some');
    else {
      const start = at;
      while (chars[at + 1] === '*') at += 1;
      const isFolders = chars[at + 1] === '/' && (start === 0 || chars[start - 1] === '/');
      if (isFolders) at += 1;
      parts.push(isFolders ? 'folders' : 'all');
    }
  }
  return parts;
}

/** Runs all ways through the pattern side by side: time is length times parts, whatever the pattern. */
function fits(path: readonly string[], parts: readonly Part[]): boolean {
  let current = new Set<number>();
  enter(current, parts, 0);
  for (const char of path) {
    const next = new Set<number>();
    for (const at of current) {
      const part = parts[at];
      if (part === undefined) continue;
      if (part === 'all' || (part === 'some' && char !== '/')) enter(next, parts, at);
      else if (part === 'folders') {
        next.add(at);
        if (char === '/') enter(next, parts, at + 1);
      } else if (part === 'one' ? char !== '/' : typeof part === 'object' && part.char === char)
        enter(next, parts, at + 1);
    }
    if (next.size === 0) return false;
    current = next;
  }
  return current.has(parts.length);
}

/** Comes to a part, and past it where it may be nothing. */
function enter(states: Set<number>, parts: readonly Part[], at: number): void {
  states.add(at);
  const part = parts[at];
  if (part === 'some' || part === 'all' || part === 'folders') enter(states, parts, at + 1);
}

/** The pattern as RE2 reads it. */
function expressionOf(parts: readonly Part[]): string {
  const words = parts.map((part) =>
    part === 'one'
      ? '[^/]'
      : part === 'some'
        ? '[^/]*'
        : part === 'all'
          ? '.*'
          : part === 'folders'
            ? '(?:.*/)?'
            : part.char.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&'),
  );
  return `(?s)^${words.join('')}$`;
}
