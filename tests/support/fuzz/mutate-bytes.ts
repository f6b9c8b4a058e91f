/** Numbers from a seed, each below a limit: the same seed gives the same ones. */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

/** Pieces that parsers stumble over. */
const PIECES = [
  '\0',
  '\u0001',
  '\uFEFF',
  '\r\n',
  '"',
  "'",
  '\\',
  '\\u0000',
  '{',
  '}',
  '[',
  ']',
  '(',
  '((((((((',
  '[[[[[[[[',
  '{"a":{"a":{"a":',
  ',',
  ':',
  ';',
  '&a *a',
  '<<: *a',
  '!!js/function',
  '!!binary ',
  '%s%n',
  '../../',
  '__proto__',
  'constructor',
  '{"__proto__":{"x":1}}',
  'null',
  'true',
  'NaN',
  '1e999',
  '-0',
  '9007199254740993',
  '99999999999999999999999999',
  '0x7fffffff',
  '2026-02-30T25:61:61.000Z',
  '\u{1F600}',
  '\uD800',
  'ﬀ',
  '=',
  '==',
  'data:',
  'a'.repeat(5_000),
  ' '.repeat(3_000),
  '"'.repeat(300),
].map((text) => Buffer.from(text));

/** Bytes changed in a few places by chance: flipped, cut, doubled, moved, written over by pieces or by parts of another seed. */
export function mutateBytes(source: Uint8Array, other: Uint8Array, next: (limit: number) => number): Buffer {
  let bytes: Buffer = Buffer.from(source);
  for (let times = 1 + next(5); times > 0; times -= 1) {
    const from = next(bytes.length + 1);
    const to = Math.min(bytes.length, from + next(64));
    const part = bytes.subarray(from, to);
    switch (next(8)) {
      case 0:
        if (from < bytes.length) bytes[from] = (bytes[from] ?? 0) ^ (1 << next(8));
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
        break;
      case 2:
        bytes = Buffer.concat([
          bytes.subarray(0, to),
          ...Array.from({ length: 1 + next(30) }, () => part),
          bytes.subarray(to),
        ]);
        break;
      case 3:
        bytes = bytes.subarray(0, from);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, from), PIECES[next(PIECES.length)] ?? bytes, bytes.subarray(from)]);
        break;
      case 5:
        bytes = Buffer.concat([bytes.subarray(0, from), PIECES[next(PIECES.length)] ?? bytes, bytes.subarray(to)]);
        break;
      case 6: {
        const start = next(other.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, from), other.subarray(start, start + next(200)), bytes.subarray(to)]);
        break;
      }
      default:
        for (let at = from; at < to; at += 1) bytes[at] = next(256);
    }
  }
  return bytes.subarray(0, 300_000);
}
