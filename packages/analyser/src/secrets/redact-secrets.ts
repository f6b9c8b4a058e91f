import { findSecrets, type LocatedSecret, locateSecrets } from './find-secrets.ts';
import { fingerprintOf } from './fingerprint.ts';
import { tokenizePython } from './python-tokens.ts';
import { MEDIUM } from './value-model.ts';

/** A credential that was taken out of a source. */
export interface SecretReference {
  /** What stands in its place now: letters, digits and underscores, so that the source stays one. */
  readonly reference: string;
  readonly ruleId: string;
  readonly title: string;
  /** Keyed hash of the value: the same value has the same one under one key. */
  readonly fingerprint: string;
  /** Name that the value was bound to. */
  readonly name?: string;
  readonly line: number;
}

/** A source without its credentials. */
export interface RedactedSource {
  readonly text: string;
  readonly references: readonly SecretReference[];
}

/** A value shorter than this is replaced where it was found, but not wherever else the same letters stand. */
const EVERYWHERE_FROM = 6;
/** Looks at the result again so often: a value may hide another. */
const PASSES = 4;

/**
 * Takes every credential of the high and medium tier out of a Python source and puts a reference in its place.
 * @returns undefined where the result would still hold one: such a source must not leave the computer.
 */
export function redactSecrets(source: string, fingerprintKey: Uint8Array): RedactedSource | undefined {
  let text = source;
  const references = new Map<string, SecretReference>();
  for (let pass = 0; pass < PASSES; pass++) {
    const found = locateSecrets(text, { kind: 'python' }).filter(
      ({ score, value }) => score >= MEDIUM && !isReference(value),
    );
    if (found.length === 0) return { text, references: [...references.values()] };
    text = withoutSecrets(text, found, fingerprintKey, references);
  }
  const left = findSecrets(text, { kind: 'python', fingerprintKey }).filter(
    ({ tier, fingerprint }) =>
      tier !== 'info' && ![...references.keys()].some((name) => fingerprint === fingerprintOf(name, fingerprintKey)),
  );
  return left.length === 0 ? { text, references: [...references.values()] } : undefined;
}

function withoutSecrets(
  text: string,
  found: readonly LocatedSecret[],
  key: Uint8Array,
  references: Map<string, SecretReference>,
): string {
  const spans: Span[] = [];
  for (const secret of found) {
    const fingerprint = fingerprintOf(secret.value, key);
    const reference = `SENTINEL_SECRET_${fingerprint.slice(0, 12)}`;
    if (!references.has(reference)) {
      references.set(reference, {
        reference,
        ruleId: secret.ruleId,
        title: secret.title,
        fingerprint,
        ...(secret.name === undefined ? {} : { name: secret.name.slice(0, 120) }),
        line: 1 + (text.slice(0, secret.start).match(/\n/g)?.length ?? 0),
      });
    }
    spans.push({ start: secret.start, end: secret.end, reference });
    if (secret.value.length < EVERYWHERE_FROM) continue;
    for (let at = text.indexOf(secret.value); at >= 0; at = text.indexOf(secret.value, at + secret.value.length))
      spans.push({ start: at, end: at + secret.value.length, reference });
  }
  return replace(text, merge(spans));
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly reference: string;
}

/** Spans that overlap become one, under the reference of the first. */
function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start < last.end)
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

/** Puts references into the bodies of the literals that a span covers; quotes and what joins them stay. */
function replace(text: string, spans: readonly Span[]): string {
  const bodies = tokenizePython(text).filter(({ kind }) => kind === 'string' || kind === 'comment');
  const edits: { start: number; end: number; text: string }[] = [];
  for (const span of spans) {
    const parts = bodies
      .map(({ kind, bodyStart, bodyEnd, start, end }) => ({
        start: Math.max(span.start, kind === 'comment' ? start + 1 : bodyStart),
        end: Math.min(span.end, kind === 'comment' ? end : bodyEnd),
      }))
      .filter(({ start, end }) => end > start);
    if (parts.length === 0) edits.push({ start: span.start, end: span.end, text: span.reference });
    parts.forEach((part, index) => edits.push({ ...part, text: index === 0 ? span.reference : '' }));
  }
  let result = '';
  let at = 0;
  for (const edit of edits.sort((left, right) => left.start - right.start)) {
    if (edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

function isReference(value: string): boolean {
  return /SENTINEL_SECRET_[0-9a-f]{12}/.test(value);
}
