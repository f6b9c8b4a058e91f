import type { SecretFound } from '@sentinel/protocol';
import { type Candidate, CONTEXTS } from './candidate.ts';
import { decodeLiteral } from './encoded-literals.ts';
import { fingerprintOf, previewOf } from './fingerprint.ts';
import type { SecretFormat } from './format-pack.ts';
import { type FormatMatch, type FormatMatcher, shippedFormats } from './match-formats.ts';
import { publishedValue } from './published-values.ts';
import { scanLiterals } from './python-contexts.ts';
import { type Structure, structureOf } from './python-structure.ts';
import { literalValue } from './python-targets.ts';
import { tokenizePython } from './python-tokens.ts';
import { scanText } from './text-contexts.ts';
import { HIGH, MEDIUM } from './value-model.ts';

/** What `findSecrets` is told. */
export interface FindSecretsOptions {
  /** python: a program; text: configuration, shell, documents, prompts. */
  readonly kind: 'python' | 'text';
  /** Key of the fingerprints; absent: a random one of this process. */
  readonly fingerprintKey?: Uint8Array | string;
  /** Formats to look for; absent: the pack that ships. */
  readonly formats?: FormatMatcher;
}

/** A value that looks like a credential, and where it stands. */
export interface LocatedSecret {
  readonly ruleId: string;
  readonly title: string;
  readonly score: number;
  readonly value: string;
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** Score of a value that has its provider's form in every character and looks made up: the lower end of the medium tier. */
const MADE_UP = 0.5;
/** Score of a value that is published: told with the info tier. */
const PUBLISHED = 0.3;
const SYNTHETIC_TOO = { withSynthetic: true } as const;

/** Longest source that is looked at whole; of a longer one the beginning. */
const SOURCE_LIMIT = 5_000_000;

/** Credentials in a source, by place. Their values are in no part of the answer. Any input is survived. */
export function findSecrets(source: string, options: FindSecretsOptions): SecretFound[] {
  return findWithValues(source, options).map(({ found }) => found);
}

/** The same with the very values: for whoever looks where they go, and drops them. */
export function findWithValues(
  source: string,
  options: FindSecretsOptions,
): { readonly found: SecretFound; readonly value: string }[] {
  const text = source.length > SOURCE_LIMIT ? source.slice(0, SOURCE_LIMIT) : source;
  return asFound(text, locateSecrets(text, options), options.fingerprintKey);
}

/** What looks like a credential, with its very value: for whoever takes it out of the source, and for nobody else. */
export function locateSecrets(source: string, options: FindSecretsOptions): LocatedSecret[] {
  const text = source.length > SOURCE_LIMIT ? source.slice(0, SOURCE_LIMIT) : source;
  const formats = options.formats ?? shippedFormats();
  const met: LocatedSecret[] = [];
  if (options.kind === 'python') inPython(text, formats, met);
  else inText(text, formats, met);
  return withoutBroken(text, met, formats).map(asPublished);
}

/** A value that its publisher gives to everybody is told, and held against nobody. */
function asPublished(one: LocatedSecret): LocatedSecret {
  const published = one.score < PUBLISHED ? undefined : publishedValue(one.value);
  return published === undefined ? one : { ...one, score: PUBLISHED, title: `${one.title}: ${published.what}` };
}

/**
 * Lowers what begins like a token of one provider and is none of its tokens (cut short, or made up), and what is named
 * after a provider all of whose values have one form, and has another.
 */
function withoutBroken(text: string, met: readonly LocatedSecret[], formats: FormatMatcher): LocatedSecret[] {
  return met.map((one) => {
    if (one.score < MEDIUM || !isContext(one.ruleId)) return one;
    const isOff = formats.startsLikeKnown(one.value) || formats.startsLikeKnown(wordAround(text, one));
    if (!isOff && !(one.name !== undefined && formats.isForeignTo(one.name))) return one;
    const isWhole = met.some((other) => !isContext(other.ruleId) && other.start < one.end && one.start < other.end);
    return isWhole ? one : { ...one, score: 0.45 };
  });
}

/** A value with what of its word stands before it: names such as `vendor-key-` belong to some tokens. */
function wordAround(text: string, { start, value }: LocatedSecret): string {
  const before = /[A-Za-z0-9_-]{1,40}$/.exec(text.slice(Math.max(0, start - 40), start))?.[0] ?? '';
  return `${before}${value}`;
}

function isContext(ruleId: string): boolean {
  return Object.hasOwn(CONTEXTS, ruleId);
}

function inText(text: string, formats: FormatMatcher, met: LocatedSecret[]): void {
  for (const match of formats.find(text, SYNTHETIC_TOO)) met.push(ofFormat(match, text));
  scanText(text, 'file', (candidate) => met.push(ofCandidate(candidate, candidate.index)));
  for (const match of text.matchAll(/[A-Za-z0-9+/_-]{20,4000}={0,2}/g)) inDecoded(match[0], match.index, formats, met);
}

function inPython(source: string, formats: FormatMatcher, met: LocatedSecret[]): void {
  const structure = structureOf(tokenizePython(source));
  const isLiteral = literalIndex(structure);
  for (const match of formats.find(source, SYNTHETIC_TOO)) {
    // A keyword in code and a value somewhere behind it have nothing to do with each other.
    if (match.format.kind === 'near' && !isLiteral(match.start)) continue;
    met.push(ofFormat(match, source));
  }
  const taken = new Set<number>();
  scanLiterals(source, structure, (candidate, literal) => {
    met.push(ofCandidate(candidate, candidate.index));
    taken.add(literal.first);
  });
  for (const literal of structure.literals) {
    const first = structure.tokens[literal.first];
    if (first === undefined) continue;
    for (let index = literal.first; index <= literal.last; index += 1) {
      const token = structure.tokens[index];
      if (token === undefined || token.bodyEnd - token.bodyStart < 8) continue;
      const body = source.slice(token.bodyStart, token.bodyEnd);
      if (!/[:=\s]/.test(body)) continue;
      if (taken.has(literal.first) && !body.includes('\n')) continue;
      // Of one line the place of the token is enough; of several the value's own line counts.
      const value = token.isTriple ? body : unescapeLines(body);
      scanText(value, 'literal', (candidate) =>
        met.push(ofCandidate(candidate, token.bodyStart + (token.isTriple ? candidate.index : 0))),
      );
    }
    const whole = literalValue(source, structure, literal);
    if (literal.last > literal.first && whole.includes('-----BEGIN')) {
      const end = structure.tokens[literal.last]?.end ?? first.end;
      for (const match of formats.find(whole)) met.push({ ...ofFormat(match, whole), start: first.bodyStart, end });
    }
    inDecoded(whole, first.bodyStart, formats, met);
  }
  for (const comment of structure.comments) {
    scanText(source.slice(comment.start, comment.end), 'comment', (candidate) =>
      met.push(ofCandidate({ ...candidate, score: candidate.score - 0.05 }, comment.start + candidate.index)),
    );
  }
}

function unescapeLines(body: string): string {
  return body.includes('\\')
    ? body.replace(/\\([nrt"'\\])/g, (_, letter: string) =>
        letter === 'n' || letter === 'r' ? '\n' : letter === 't' ? '\t' : letter,
      )
    : body;
}

/** Tells whether an index lies in a string literal or a comment. */
function literalIndex(structure: Structure): (index: number) => boolean {
  const spans = [...structure.tokens.filter(({ kind }) => kind === 'string'), ...structure.comments].sort(
    (left, right) => left.start - right.start,
  );
  return (index) => {
    let low = 0;
    let high = spans.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const span = spans[middle];
      if (span === undefined || index < span.start) high = middle - 1;
      else if (index >= span.end) low = middle + 1;
      else return true;
    }
    return false;
  };
}

/** Looks at what a base64 or hexadecimal literal holds; a finding stands where the literal stands. */
function inDecoded(literal: string, index: number, formats: FormatMatcher, met: LocatedSecret[]): void {
  const decoded = decodeLiteral(literal);
  if (decoded === undefined) return;
  for (const match of formats.find(decoded)) {
    const found = ofFormat(match, decoded);
    met.push({ ...found, title: `${found.title}, encoded`, start: index, end: index + literal.length });
  }
  scanText(decoded, 'literal', (candidate) => {
    if (candidate.score >= MEDIUM) met.push({ ...ofCandidate(candidate, index), end: index + literal.length });
  });
}

function ofFormat({ format, start, end: matched, check }: FormatMatch, text: string): LocatedSecret {
  // The body of a key may match on into what follows it; that is no part of the value.
  const end =
    format.check === 'pem-body' ? start + text.slice(start, matched).replace(/[^A-Za-z0-9=-]+$/, '').length : matched;
  return {
    ruleId: `secret-${format.id}`,
    title: check === 'synthetic' ? `${format.title}: the form fits, the value looks made up` : format.title,
    score: formatScore(format, check),
    value: text.slice(start, end),
    name: undefined,
    start,
    end,
  };
}

function formatScore(format: SecretFormat, check: FormatMatch['check']): number {
  if (format.tier === 'info') return 0.3;
  if (check === 'synthetic') return MADE_UP;
  if (check === 'failed' || format.tier === 'medium') return 0.7;
  if (format.kind === 'near') return 0.75;
  return format.check === 'crc32-base62' ? 1 : 0.95;
}

function ofCandidate(candidate: Candidate, start: number): LocatedSecret {
  return {
    ruleId: candidate.rule,
    title: CONTEXTS[candidate.rule],
    score: Math.max(0, candidate.score),
    value: candidate.value,
    name: candidate.name,
    start,
    end: start + candidate.value.length,
  };
}

/** Least score of what is told at all. */
const LEAST = 0.15;

function asFound(
  text: string,
  met: readonly LocatedSecret[],
  key: Uint8Array | string | undefined,
): { found: SecretFound; value: string }[] {
  const lines = lineStarts(text);
  const ordered = met
    .filter(({ score }) => score >= LEAST)
    .sort((left, right) => right.score - left.score || left.start - right.start);
  const kept: (LocatedSecret & { line: number })[] = [];
  const byLine = new Map<number, (LocatedSecret & { line: number })[]>();
  for (const one of ordered) {
    const line = lineOf(lines, one.start);
    const near = byLine.get(line) ?? [];
    if (near.some((other) => isSame(one, other))) continue;
    const row = { ...one, line };
    near.push(row);
    byLine.set(line, near);
    kept.push(row);
  }
  kept.sort((left, right) => left.start - right.start || (left.ruleId < right.ruleId ? -1 : 1));
  return kept.map((one) => ({
    value: one.value,
    found: {
      ruleId: one.ruleId,
      title: one.title,
      tier: one.score >= HIGH ? 'high' : one.score >= MEDIUM ? 'medium' : 'info',
      score: Math.round(one.score * 100) / 100,
      fingerprint: fingerprintOf(one.value, key),
      preview: previewOf(one.value),
      ...(one.name === undefined ? {} : { name: one.name.slice(0, 120) }),
      place: {
        line: one.line,
        endLine: lineOf(lines, Math.max(one.start, Math.min(one.end, text.length) - 1)),
        column: one.start - (lines[one.line - 1] ?? 0),
      },
    },
  }));
}

/** Whether two on one line are the same value: their places overlap, or one holds the other. */
function isSame(left: LocatedSecret, right: LocatedSecret): boolean {
  return (
    (left.start < right.end && right.start < left.end) ||
    left.value.includes(right.value) ||
    right.value.includes(left.value)
  );
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
