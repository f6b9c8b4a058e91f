/** Names beyond this rank are not worth imitating. */
const TOP_NAMES = 1_000;
/** Shorter names are near too many others. */
const MIN_LENGTH = 5;

/** Tells names that stand one edit from a well-known one and are not known themselves. */
export class SquatTest {
  readonly #known: ReadonlySet<string>;
  /** Well-known names by themselves and by each of their shortenings. */
  readonly #byShape = new Map<string, string[]>();

  /** @param names Legitimate names, normalised, the most downloaded first. */
  constructor(names: readonly string[]) {
    this.#known = new Set(names);
    for (const name of names.slice(0, TOP_NAMES)) {
      if (name.length < MIN_LENGTH) continue;
      for (const shape of shapesOf(name)) {
        const same = this.#byShape.get(shape);
        if (same === undefined) this.#byShape.set(shape, [name]);
        else same.push(name);
      }
    }
  }

  /** The best-known name that is one insertion, deletion, replacement or swap away; undefined for none. */
  resembledBy(name: string): string | undefined {
    if (this.#known.has(name) || name.length < MIN_LENGTH - 1 || name.length > 100) return undefined;
    for (const shape of shapesOf(name)) {
      const target = this.#byShape.get(shape)?.find((candidate) => isOneEdit(name, candidate));
      if (target !== undefined) return target;
    }
    return undefined;
  }
}

/** The name and all it becomes when one character goes: two names one edit apart always share one of these. */
function shapesOf(name: string): Set<string> {
  const shapes = new Set([name]);
  for (let at = 0; at < name.length; at += 1) shapes.add(name.slice(0, at) + name.slice(at + 1));
  return shapes;
}

/** Whether exactly one insertion, deletion, replacement or swap of neighbours lies between two names. */
function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (a.length > b.length) return restA.slice(1) === restB;
  if (a.length < b.length) return restA === restB.slice(1);
  if (restA.slice(1) === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}
