import { passesCheck } from './pii-checks.ts';
import { type PiiKind, type PiiPack, readPiiPack } from './pii-pack.ts';

/** A value in a text, by its place only. */
export interface PiiSpan {
  readonly kind: string;
  readonly start: number;
  /** One beyond the last character. */
  readonly end: number;
}

/** Longest text that is looked at; of a longer one the beginning. */
const TEXT_LIMIT_UNITS = 1_000_000;
/** Names of columns whose kinds are remembered. */
const CACHE_SIZE = 4_000;
const BEFORE_UNITS = 48;
const BEHIND_UNITS = 16;

interface ReadyKind {
  readonly kind: PiiKind;
  readonly patterns: readonly RegExp[];
}

/** Kinds of personal data ready to be looked for; nothing in its answers is a value. */
export class PiiFinder {
  readonly #kinds: readonly ReadyKind[];
  readonly #kindsOfNames = new Map<string, string | undefined>();
  readonly #wholeNames = new Map<string, string>();
  readonly #partNames: { readonly words: string; readonly kind: string }[] = [];
  readonly #words: { readonly kind: PiiKind; readonly words: readonly string[] }[] = [];

  constructor(pack: PiiPack) {
    this.#kinds = pack.kinds.map((kind) => ({
      kind,
      patterns: (kind.patterns ?? []).map((pattern) => new RegExp(pattern, 'g')),
    }));
    for (const { id, columns = [] } of pack.kinds) {
      for (const column of columns) {
        if (column.startsWith('=')) this.#wholeNames.set(foldName(column), id);
        else this.#partNames.push({ words: ` ${foldName(column)} `, kind: id });
      }
    }
    // The longer name says more: `customer name` before `name`.
    this.#partNames.sort((left, right) => right.words.length - left.words.length);
    for (const kind of pack.kinds) {
      if (kind.words !== undefined) this.#words.push({ kind, words: kind.words.map((word) => ` ${foldName(word)} `) });
    }
  }

  /** Title and category of a kind; undefined where there is no such kind. */
  describe(kind: string): Pick<PiiKind, 'title' | 'category'> | undefined {
    return this.#kinds.find(({ kind: { id } }) => id === kind || id === `${kind}-named`)?.kind;
  }

  /** Every value in `text`, by place; places do not overlap. */
  spans(text: string): PiiSpan[] {
    const looked = text.length > TEXT_LIMIT_UNITS ? text.slice(0, TEXT_LIMIT_UNITS) : text;
    const lowered = looked.toLowerCase();
    const found: PiiSpan[] = [];
    for (const { kind, patterns } of this.#kinds) {
      for (const pattern of patterns) {
        for (const match of looked.matchAll(pattern)) {
          const start = match.index;
          const end = start + match[0].length;
          if (found.some((span) => start < span.end && span.start < end)) continue;
          if (!passesCheck(kind.check, match[0]) || !isNear(kind, lowered, start, end)) continue;
          found.push({ kind: kind.id.replace(/-named$/, ''), start, end });
        }
      }
    }
    return found.sort((left, right) => left.start - right.start);
  }

  /** How often each kind stands in `text`, words of running text included. */
  counts(text: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { kind } of this.spans(text)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const folded = ` ${foldName(text.slice(0, TEXT_LIMIT_UNITS))} `;
    for (const { kind, words } of this.#words) {
      const there = words.filter((word) => folded.includes(word)).length;
      if (there >= (kind.leastWords ?? 1)) counts.set(kind.id, (counts.get(kind.id) ?? 0) + there);
    }
    return counts;
  }

  /** Kind that a column's name promises; undefined where it promises none. */
  kindOfColumn(name: string): string | undefined {
    if (name.length > 120) return undefined;
    if (this.#kindsOfNames.has(name)) return this.#kindsOfNames.get(name);
    if (this.#kindsOfNames.size >= CACHE_SIZE) this.#kindsOfNames.clear();
    const kind = this.#judgeColumn(name);
    this.#kindsOfNames.set(name, kind);
    return kind;
  }

  #judgeColumn(name: string): string | undefined {
    const folded = foldName(name);
    const whole = this.#wholeNames.get(folded);
    if (whole !== undefined) return whole;
    const padded = ` ${folded} `;
    return this.#partNames.find(({ words }) => padded.includes(words))?.kind;
  }
}

function isNear({ near }: PiiKind, lowered: string, start: number, end: number): boolean {
  if (near === undefined) return true;
  const before = lowered.slice(Math.max(0, start - BEFORE_UNITS), start);
  const behind = lowered.slice(end, end + BEHIND_UNITS);
  return near.some((word) => standsIn(before, word) || standsIn(behind, word));
}

/** Whether a word begins somewhere in a text, so that `tel` is not met in `hotel`. */
function standsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/\p{L}/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}

/** Words of a name in lower case without accents, one space between: `E-MailAdresse_Straße` gives `e mail adresse strasse`. */
export function foldName(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

let shipped: PiiFinder | undefined;

/** Finder over the pack that ships with the analyser. */
export function shippedPii(): PiiFinder {
  shipped ??= new PiiFinder(readPiiPack());
  return shipped;
}
