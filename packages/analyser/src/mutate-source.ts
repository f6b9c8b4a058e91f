/** Numbers from a seed, each below a limit: the same seed gives the same ones. For tests. */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

/** Pieces that parsers stumble over. */
const PIECES = [
  '(',
  ')',
  '[',
  '{',
  '}',
  '"',
  "'",
  '"""',
  'f"{',
  '\\',
  '\\\n',
  '\n',
  '\r',
  '\t',
  '\f',
  '\u0000',
  '\uFEFF',
  '\uD800',
  'é',
  '𝔘',
  '@',
  ':=',
  '->',
  'lambda:',
  'async ',
  'await ',
  'yield ',
  'match x:\n case [',
  'if x:\n',
  'elif y:\n',
  'else:\n',
  'class A(A):\n',
  'def f(x=[',
  'exec "',
  'print >>f, ',
  '<<<<<<< ',
  '%s',
  '{0!r:>{1}}',
  '# type: ',
  '# -*- coding: utf-16 -*-\n',
  '0x',
  '1e999999',
  '9'.repeat(5_000),
] as const;

/** A source changed in a few places by chance: pieces put in, taken out, doubled, moved or repeated. For tests. */
export function mutateSource(source: string, next: (limit: number) => number): string {
  let text = source;
  for (let times = 1 + next(6); times > 0; times -= 1) {
    const from = next(text.length + 1);
    const to = Math.min(text.length, from + next(200));
    const part = text.slice(from, to);
    const piece = PIECES[next(PIECES.length)] ?? '';
    switch (next(7)) {
      case 0:
        text = text.slice(0, from) + piece + text.slice(from);
        break;
      case 1:
        text = text.slice(0, from) + text.slice(to);
        break;
      case 2:
        text = text.slice(0, to) + part.repeat(1 + next(40)) + text.slice(to);
        break;
      case 3:
        text = text.slice(0, from) + piece.repeat(1 + next(3_000)).slice(0, 60_000) + text.slice(from);
        break;
      case 4:
        text = text.slice(0, from);
        break;
      case 5:
        text = text.slice(to) + part + text.slice(0, from);
        break;
      default:
        text = text.slice(0, from) + String.fromCharCode(next(65_536)) + text.slice(Math.min(text.length, from + 1));
    }
  }
  return text.slice(0, 400_000);
}
