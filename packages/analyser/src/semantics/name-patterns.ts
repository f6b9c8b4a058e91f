/** Most names whose answers are remembered. */
const MAX_REMEMBERED = 50_000;

/**
 * Finds entries by the dotted name of a call. A pattern is one of
 * `a.b` (that name), `a.**` (everything below), `a.**.b` (the last segments are `b`, the first `a`) and
 * `**.b` (whatever the receiver is); `{x,y}` stands for either.
 */
export class NamePatterns<T> {
  readonly #exact = new Map<string, T[]>();
  readonly #below = new Map<string, T[]>();
  readonly #ends = new Map<string, T[]>();
  readonly #remembered = new Map<string, readonly T[]>();

  /** Adds an entry under a pattern. */
  add(pattern: string, entry: T): void {
    for (const spelled of spellOut(pattern)) {
      const gap = spelled.indexOf('**');
      if (gap < 0) append(this.#exact, spelled, entry);
      else if (gap + 2 === spelled.length) append(this.#below, spelled.slice(0, Math.max(0, gap - 1)), entry);
      else append(this.#ends, `${spelled.slice(0, Math.max(0, gap - 1))}|${spelled.slice(gap + 3)}`, entry);
    }
  }

  /** All entries whose pattern fits, the most specific first. */
  find(name: string): readonly T[] {
    const known = this.#remembered.get(name);
    if (known !== undefined) return known;
    const found: T[] = [...(this.#exact.get(name) ?? [])];
    const parts = name.split('.');
    const ends = [1, 2, 3].filter((size) => size <= parts.length).map((size) => parts.slice(-size).join('.'));
    for (let size = parts.length; size >= 0; size -= 1) {
      const prefix = parts.slice(0, size).join('.');
      for (let end = ends.length - 1; end >= 0; end -= 1) {
        if (size + end + 1 <= parts.length) found.push(...(this.#ends.get(`${prefix}|${ends[end]}`) ?? []));
      }
      if (size > 0) found.push(...(this.#below.get(prefix) ?? []));
    }
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(name, found);
    return found;
  }
}

function append<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}

/** `a.{b,c}` as `a.b` and `a.c`. */
function spellOut(pattern: string): string[] {
  const open = pattern.indexOf('{');
  if (open < 0) return [pattern];
  const close = pattern.indexOf('}', open);
  const before = pattern.slice(0, open);
  const rest = spellOut(pattern.slice(close + 1));
  return pattern
    .slice(open + 1, close)
    .split(',')
    .flatMap((word) => rest.map((end) => before + word.trim() + end));
}
