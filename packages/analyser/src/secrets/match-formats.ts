import { type CheckResult, checkValue } from './format-checks.ts';
import { readFormatPack, type SecretFormat } from './format-pack.ts';
import {
  entropyBits,
  hasFillerWord,
  isAlnumCode,
  isFiller,
  isMostlyRepeats,
  isTokenCode,
  lowerAscii,
} from './value-measures.ts';

/** One value of one format. */
export interface FormatMatch {
  readonly format: SecretFormat;
  readonly start: number;
  /** One beyond the last character. */
  readonly end: number;
  /** synthetic: of the form in every character, yet the alphabet, the digits or a pattern again and again. */
  readonly check: CheckResult | 'synthetic';
}

/** Different characters that a made-up value has at least; fewer show where a value goes. */
const SYNTHETIC_LETTERS = 6;

/** How far behind a keyword a value may begin, in characters, where the format says nothing else. */
const WINDOW = 80;

interface Known {
  readonly format: SecretFormat;
  readonly anchor: string;
  readonly lowered: string;
  pattern: RegExp | undefined;
}

/** What binds a value to the keyword before it; within one address a mark alone does not. */
const MARK = /[=:"'`>,(]/;
const WORD = /key|token|secret|pass|auth|access|priv/i;
const GAP = /[ \t\r\n"'`<>,;]/;

/** Size of the table that says which three characters may begin an anchor. */
const TABLE_SIZE = 1 << 15;

/**
 * Finds values of known formats. The TypeScript twin of `probe/src/sentinel_probe/secret_formats.py`: both
 * find exactly the same in every case of the pack.
 *
 * Work grows linearly with the text: patterns have bounded repetition only and are tried only where an
 * anchor of theirs stands.
 */
export class FormatMatcher {
  readonly #starts = new Uint8Array(TABLE_SIZE);
  readonly #byStart = new Map<number, Known[]>();
  readonly #short: Known[] = [];
  readonly #prefixes: readonly string[];
  /** Keywords of providers whose values all have the form of the pack. */
  readonly #onlyForms: readonly string[];

  constructor(formats: readonly SecretFormat[]) {
    this.#prefixes = ownPrefixes(formats);
    this.#onlyForms = formats.flatMap(({ isOnlyForm, anchors }) => (isOnlyForm === true ? anchors : []));
    for (const format of formats) {
      for (const anchor of format.anchors) {
        const known: Known = { format, anchor, lowered: lowerAscii(anchor), pattern: undefined };
        if (anchor.length < 3) {
          this.#short.push(known);
          continue;
        }
        const key = startKey(known.lowered, 0);
        this.#starts[key] = 1;
        const bucket = this.#byStart.get(key);
        if (bucket === undefined) this.#byStart.set(key, [known]);
        else bucket.push(known);
      }
    }
  }

  /**
   * Every value of every format in `text`, by place, then by id. Values of two formats may overlap.
   * With `withSynthetic` also those that have the form and look made up; the Python reader has no such thing,
   * since nothing has to be taken out there.
   */
  find(text: string, options: { readonly withSynthetic?: boolean } = {}): FormatMatch[] {
    const all = this.#findAll(text);
    return options.withSynthetic === true ? all : all.filter(({ check }) => check !== 'synthetic');
  }

  #findAll(text: string): FormatMatch[] {
    const lowered = lowerAscii(text);
    const found: FormatMatch[] = [];
    for (const known of this.#short) {
      for (let at = text.indexOf(known.anchor); at >= 0; at = text.indexOf(known.anchor, at + 1)) {
        this.#try(known, text, at, found);
      }
    }
    const last = lowered.length - 2;
    for (let at = 0; at < last; at += 1) {
      const key = startKey(lowered, at);
      if (this.#starts[key] === 0) continue;
      for (const known of this.#byStart.get(key) ?? []) {
        if (lowered.startsWith(known.lowered, at)) this.#try(known, text, at, found);
      }
    }
    return inOrder(found);
  }

  /** Whether a value begins as only the values of one provider do. */
  startsLikeKnown(value: string): boolean {
    return this.#prefixes.some((prefix) => value.startsWith(prefix));
  }

  /** Whether a name names a provider whose values all have one form, which a format of the pack tells. */
  isForeignTo(name: string): boolean {
    const lowered = lowerAscii(name);
    return this.#onlyForms.some((keyword) => lowered.includes(keyword));
  }

  #try(known: Known, text: string, at: number, found: FormatMatch[]): void {
    const match =
      known.format.kind === 'near' ? findNear(known, text, at + known.anchor.length) : findToken(known, text, at);
    if (match !== undefined) found.push(match);
  }
}

/** Anchors that begin a value and that one provider alone has. */
function ownPrefixes(formats: readonly SecretFormat[]): string[] {
  const owners = new Map<string, Set<string>>();
  for (const { kind, lead, anchors, provider } of formats) {
    if (kind === 'near' || lead !== undefined) continue;
    for (const anchor of anchors) owners.set(anchor, (owners.get(anchor) ?? new Set()).add(provider));
  }
  return [...owners]
    .filter(([anchor, { size }]) => size === 1 && anchor.length >= 4 && /[A-Za-z].*[A-Za-z]/.test(anchor))
    .filter(([anchor]) => !/^(?:test|live|prod|dev|key|token|secret|api|pat|sandbox|staging)[_.-]$/i.test(anchor))
    .map(([anchor]) => anchor);
}

function startKey(text: string, at: number): number {
  return ((text.charCodeAt(at) & 31) << 10) | ((text.charCodeAt(at + 1) & 31) << 5) | (text.charCodeAt(at + 2) & 31);
}

function inOrder(found: FormatMatch[]): FormatMatch[] {
  found.sort(
    (left, right) =>
      left.start - right.start ||
      left.end - right.end ||
      (left.format.id < right.format.id ? -1 : left.format.id === right.format.id ? 0 : 1),
  );
  return found.filter((match, index) => {
    const before = found[index - 1];
    return before?.format !== match.format || before.start !== match.start || before.end !== match.end;
  });
}

function findToken(known: Known, text: string, at: number): FormatMatch | undefined {
  const { anchor, format } = known;
  if (!text.startsWith(anchor, at)) return undefined;
  const lead = format.lead ?? 0;
  if (lead === 0 && at > 0 && text[at - 1] === '.' && isAlnumCode(text.charCodeAt(at))) return undefined;
  for (let start = Math.max(0, at - lead); start <= at; start += 1) {
    if (lead > 0 && !isOpen(text, start)) continue;
    const end = matchEnd(known, text, start);
    if (end !== undefined && end >= at + anchor.length) {
      return judged(format, text, start, end, lead > 0 ? 0 : anchor.length);
    }
  }
  return undefined;
}

function findNear(known: Known, text: string, begin: number): FormatMatch | undefined {
  if (!isWordStart(text, begin - known.anchor.length)) return undefined;
  const limit = Math.min(text.length, begin + (known.format.window ?? WINDOW));
  let lines = 0;
  let synthetic: FormatMatch | undefined;
  for (let start = begin; start < limit; start += 1) {
    const code = text.charCodeAt(start);
    if (code === 10) {
      lines += 1;
      if (lines > 2) return synthetic;
    }
    if (!isAlnumCode(code) || !isOpen(text, start) || '/@.'.includes(text.charAt(start - 1))) continue;
    const end = matchEnd(known, text, start);
    if (end === undefined || !isBound(text.slice(begin, start))) continue;
    const match = judged(known.format, text, start, end, 0);
    if (match?.check === 'synthetic') synthetic ??= match;
    else if (match !== undefined) return match;
  }
  return synthetic;
}

/** Whether a value may begin here: nothing alphanumeric before it but an escape such as `\n`. */
function isOpen(text: string, start: number): boolean {
  if (start === 0 || !isAlnumCode(text.charCodeAt(start)) || !isAlnumCode(text.charCodeAt(start - 1))) return true;
  const before = text[start - 1];
  return (before === 'n' || before === 'r' || before === 't') && text[start - 2] === '\\';
}

/** Whether what stands between a keyword and a value binds them. */
function isBound(between: string): boolean {
  if (between === ' ' || between === '  ' || between === '\t') return true;
  return WORD.test(between) || (MARK.test(between) && (!between.includes('/') || GAP.test(between)));
}

/** Whether a word begins here: no letter before it, or a hump as in `myVendorKey`. */
function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[A-Za-z]/.test(text.charAt(at - 1)) || /^[a-z][A-Z]/.test(text.slice(at - 1, at + 1));
}

function matchEnd(known: Known, text: string, start: number): number | undefined {
  if (!isOpen(text, start)) return undefined;
  const pattern = (known.pattern ??= new RegExp(known.format.pattern, 'y'));
  pattern.lastIndex = start;
  if (!pattern.test(text)) return undefined;
  const end = pattern.lastIndex;
  if (
    known.format.openEnd !== true &&
    end < text.length &&
    isTokenCode(text.charCodeAt(end)) &&
    isTokenCode(text.charCodeAt(end - 1))
  ) {
    return undefined;
  }
  return end;
}

function judged(
  format: SecretFormat,
  text: string,
  start: number,
  end: number,
  skipped: number,
): FormatMatch | undefined {
  const body = text.slice(start + skipped, end);
  const isMadeUp = (format.check !== 'pem-body' && isFiller(body)) || entropyBits(body) + 1e-9 < format.entropy;
  if (isMadeUp && (hasFillerWord(body) || isMostlyRepeats(body) || new Set(body).size < SYNTHETIC_LETTERS)) {
    return undefined;
  }
  const check = checkValue(format.check, text.slice(start, end));
  if (check === 'rejected') return undefined;
  return { format, start, end, check: isMadeUp ? 'synthetic' : check };
}

let shipped: FormatMatcher | undefined;

/** Matcher over the pack that ships with the analyser. */
export function shippedFormats(): FormatMatcher {
  shipped ??= new FormatMatcher(readFormatPack().formats);
  return shipped;
}
