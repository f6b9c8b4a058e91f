import type { Value } from './value.ts';

/** Marks of a hole in a text: an unknown part with the number of the value that fills it (private use area). */
export const HOLE_START = '\uE000';
export const HOLE_END = '\uE001';

/** Longest text that is kept; a longer one is cut. */
const MAX_TEXT_UNITS = 16_384;

/** The text of a value, or a hole in its place. */
export function textOrHole(value: Value): string {
  return value.text ?? `${HOLE_START}${value.id}${HOLE_END}`;
}

/** A text within the limit. */
export function cutText(text: string): string {
  return text.length > MAX_TEXT_UNITS ? text.slice(0, MAX_TEXT_UNITS) : text;
}

/** A text for people: each hole becomes `*`. */
export function showText(text: string): string {
  if (!text.includes(HOLE_START)) return text;
  let shown = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf(HOLE_START, at);
    if (start < 0) return shown + text.slice(at);
    const end = text.indexOf(HOLE_END, start);
    if (end < 0) return shown + text.slice(at, start);
    shown += `${text.slice(at, start)}*`;
    at = end + 1;
  }
}

/** Two parts of a path as one. */
export function joinPath(parts: readonly string[]): string {
  let path = '';
  for (const part of parts) {
    if (part.startsWith('/') || part.startsWith('\\\\') || /^[A-Za-z]:/.test(part)) path = part;
    else if (path === '' || path.endsWith('/') || path.endsWith('\\')) path += part;
    else path += `/${part}`;
  }
  return cutText(path);
}

/** One key for all spellings of a path. */
export function pathKey(path: string): string {
  let key = path.replaceAll('\\', '/');
  while (key.startsWith('./')) key = key.slice(2);
  return key;
}

/** Fills `%s`, `%d` and their like, `%(name)s` as well. */
export function formatPercent(template: string, values: readonly Value[]): string {
  let at = 0;
  return cutText(
    template.replace(/%(?:\([^)]{0,80}\))?[-#0 +]{0,5}[0-9*]{0,4}(?:\.[0-9]{1,3})?[a-zA-Z%]/g, (mark) => {
      if (mark === '%%') return '%';
      const value = values[at];
      at += 1;
      return value === undefined ? `${HOLE_START}p${HOLE_END}` : textOrHole(value);
    }),
  );
}

/** Fills `{}`, `{0}` and `{name}`. */
export function formatBraces(template: string, values: readonly Value[], named: ReadonlyMap<string, Value>): string {
  let next = 0;
  return cutText(
    template.replace(/\{\{|\}\}|\{([^{}!:.[]{0,80})[^{}]{0,80}\}/g, (mark: string, name: string | undefined) => {
      if (mark === '{{') return '{';
      if (mark === '}}') return '}';
      let value: Value | undefined;
      if (name === undefined || name === '') {
        value = values[next];
        next += 1;
      } else if (/^[0-9]{1,3}$/.test(name)) value = values[Number(name)];
      else value = named.get(name);
      return value === undefined ? `${HOLE_START}b${HOLE_END}` : textOrHole(value);
    }),
  );
}
