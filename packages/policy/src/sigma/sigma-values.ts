/** What a text of a rule asks. */
export interface SigmaText {
  readonly kind: 'is' | 'startsWith' | 'endsWith' | 'contains' | 'glob';
  readonly text: string;
}

/** Where a modifier opens a text. */
export type SigmaOpening = 'contains' | 'startswith' | 'endswith';

/** Reads a text of a rule: `*` and `?` are wildcards unless a backslash stands before them. Source: sigma-specification 2.1, escaping. */
export function readSigmaText(value: string, opening?: SigmaOpening): SigmaText {
  const parts: { readonly char: string; readonly isWild: boolean }[] = [];
  for (let at = 0; at < value.length; at += 1) {
    const char = value.charAt(at);
    const next = value.charAt(at + 1);
    if (char === '\\' && next !== '' && '*?\\'.includes(next)) {
      parts.push({ char: next, isWild: false });
      at += 1;
    } else parts.push({ char, isWild: char === '*' || char === '?' });
  }
  const star = { char: '*', isWild: true };
  if (opening === 'contains' || opening === 'endswith') parts.unshift(star);
  if (opening === 'contains' || opening === 'startswith') parts.push(star);
  const isStar = (part: (typeof parts)[number] | undefined) => part?.isWild === true && part.char === '*';
  let from = 0;
  let to = parts.length;
  while (from < to && isStar(parts[from])) from += 1;
  while (to > from && isStar(parts[to - 1])) to -= 1;
  const inner = parts.slice(from, to);
  if (inner.some(({ isWild }) => isWild))
    return { kind: 'glob', text: parts.map((part) => (isStar(part) ? '**' : part.char)).join('') };
  const text = inner.map(({ char }) => char).join('');
  const isOpenBehind = to < parts.length;
  return { kind: from > 0 ? (isOpenBehind ? 'contains' : 'endsWith') : isOpenBehind ? 'startsWith' : 'is', text };
}

/** A text as a rule writes it, its own wildcards made plain. */
export function writeSigmaText(text: string): string {
  return text.replaceAll(/\\(?=[*?\\])|[*?]/g, (found) => `\\${found}`);
}
