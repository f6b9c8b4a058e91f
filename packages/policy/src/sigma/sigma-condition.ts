/** A condition of a Sigma rule over the names of its searches. */
export type SigmaExpression =
  | { readonly kind: 'search'; readonly name: string }
  | { readonly kind: 'not'; readonly part: SigmaExpression }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly SigmaExpression[] };

/** Raised where a rule asks for what is not known here; the message says what. */
export class SigmaUnfit extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SigmaUnfit';
  }
}

/** Reads a condition such as `selection and not 1 of filter_*`. @throws SigmaUnfit */
export function readSigmaCondition(text: string, searches: readonly string[]): SigmaExpression {
  if (text.includes('|')) throw new SigmaUnfit('aggregations in conditions; Sigma itself has dropped them');
  const words = text.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const next = () => words[at]?.toLowerCase();
  const expression = readOr();
  if (at < words.length) throw new SigmaUnfit(`"${words[at] ?? ''}" in the condition`);
  return expression;

  function readOr(): SigmaExpression {
    return readSeries('or', () => readSeries('and', readNot));
  }

  function readSeries(kind: 'and' | 'or', read: () => SigmaExpression): SigmaExpression {
    const parts = [read()];
    while (next() === kind) {
      at += 1;
      parts.push(read());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind, parts };
  }

  function readNot(): SigmaExpression {
    if (next() !== 'not') return readOne();
    at += 1;
    return { kind: 'not', part: readNot() };
  }

  function readOne(): SigmaExpression {
    const word = words[at];
    if (word === undefined) throw new SigmaUnfit('a condition that ends too early');
    at += 1;
    if (word === '(') {
      const inner = readOr();
      if (words[at] !== ')') throw new SigmaUnfit('a bracket that does not close');
      at += 1;
      return inner;
    }
    if (next() === 'of' && (word === '1' || word.toLowerCase() === 'all' || word.toLowerCase() === 'any')) {
      const pattern = words[at + 1];
      at += 2;
      if (pattern === undefined) throw new SigmaUnfit('a condition that ends too early');
      const names = searches.filter((name) => fits(name, pattern)).map((name) => ({ kind: 'search' as const, name }));
      if (names.length === 0) throw new SigmaUnfit(`${pattern}, which fits no search`);
      return { kind: word.toLowerCase() === 'all' ? 'and' : 'or', parts: names };
    }
    if (!searches.includes(word)) throw new SigmaUnfit(`"${word}" in the condition`);
    return { kind: 'search', name: word };
  }
}

function fits(name: string, pattern: string): boolean {
  if (pattern === 'them') return !name.startsWith('_');
  const expression = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`).test(name);
}
