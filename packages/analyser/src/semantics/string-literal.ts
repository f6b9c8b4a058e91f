const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

/** A literal's content without its escapes. Source: Python language reference, string and bytes literals. */
export function decodeEscapes(content: string): string {
  if (!content.includes('\\')) return content;
  return content.replace(
    /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{1,3})|([\s\S]))/g,
    (
      whole: string,
      hex: string | undefined,
      short: string | undefined,
      long: string | undefined,
      octal: string | undefined,
      other: string | undefined,
    ) => {
      const digits = hex ?? short ?? long;
      if (digits !== undefined) {
        const point = Number.parseInt(digits, 16);
        return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
      }
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return ESCAPES[other ?? ''] ?? whole;
    },
  );
}

/** The text of a plain literal with its quotes and prefix, such as `r'C:\x'`. */
export function readLiteral(source: string): string {
  let at = 0;
  let isRaw = false;
  for (; at < source.length; at += 1) {
    const unit = source[at];
    if (unit === '"' || unit === "'") break;
    if (unit === 'r' || unit === 'R') isRaw = true;
  }
  const quote = source[at] ?? '"';
  const size = source.startsWith(quote.repeat(3), at) ? 3 : 1;
  const isClosed = source.length >= at + 2 * size && source.endsWith(quote);
  const content = source.slice(at + size, isClosed ? source.length - size : source.length);
  return isRaw ? content : decodeEscapes(content);
}
